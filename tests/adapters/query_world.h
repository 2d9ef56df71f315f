/*
 * Where the suites of query-service's ports run: in memory (fake_query_world.c) or on PostgreSQL
 * (postgres_query_world.c). Each suite is built with both.
 */
#pragma once

#include <stdint.h>

#include "ports/change_reader.h"
#include "ports/command_states.h"
#include "ports/letter_reader.h"
#include "ports/post_reader.h"
#include "ports/session_reader.h"
#include "ports/user_reader.h"
#include "reading.h"

struct query_world {
    struct change_reader *changes;
    struct command_states *commands;
    struct letter_reader *letters;
    struct post_reader *posts;
    struct session_reader *sessions;
    struct user_reader *users;
    struct reading *reading;
};

/* Once a suite: unchecked fixtures. */
void query_world_prepare(void);
void query_world_dispose(void);

/* An empty world; one at a time. */
void query_world_open(struct query_world *ret);
void query_world_close(struct query_world *world);

/* A user with the address author<id>@example.com. */
void world_add_user(int64_t id);
void world_add_named_user(int64_t id, const char *email);
/* The latest login was at this moment (µs since 1970). */
void world_log_in(int64_t user_id, int64_t at_us);
void world_deactivate(int64_t user_id);
void world_make_staff(int64_t user_id);
void world_make_superuser(int64_t user_id);
void world_add_session(const char *digest, int64_t user_id);
void world_expire_session(const char *digest);
/* It was used last then, from there (static, or NULL). */
void world_see_session(const char *digest, int64_t minutes_ago, const char *client_address);
/* A post of this moment (µs since 1970), with the content "some content". */
int64_t world_add_post(int64_t author_id, const char *title, enum post_status status,
                       int64_t created_at);
void world_remove_post(int64_t id);
/* ann@example.org (1) has changed an e-mail address from `old` to bob@example.org by
 * admin.change_user; the id of the entry. */
int64_t world_add_change(int64_t user_id, int64_t changed_at, const char *old);
/* The same, from `old` to `new`, at this moment. */
void world_add_text_change(int64_t changed_at, const char *old, const char *new);
/* A command that has its outcome. */
void world_add_command(const char *message_id, const struct command_record *command);
/* A letter that failed then, with the detail "it went wrong" and the body {"post_id":1}, for
 * nobody; texts are static. Its id. */
int64_t world_add_letter(const char *message, const char *code, int64_t failed_at);
/* What was done with a letter of this message by "ann"; texts are static. */
void world_add_action(const char *action, const char *message);
