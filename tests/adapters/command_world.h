/*
 * Where the suites of command-service's ports run: in memory (fake_command_world.c) or on
 * PostgreSQL (postgres_command_world.c). Each suite is built with both.
 */
#pragma once

#include <stdint.h>

#include "ports/audit_log.h"
#include "ports/dead_letter_store.h"
#include "ports/job_store.h"
#include "ports/login_attempts.h"
#include "ports/post_store.h"
#include "ports/session_store.h"
#include "ports/user_store.h"
#include "unit.h"

enum { WORLD_SESSION_HOURS = 24, WORLD_IDLE_HOURS = 3 };

struct command_world {
    struct unit *unit;
    struct post_store *posts;
    struct user_store *users;
    struct session_store *sessions;
    struct dead_letter_store *dead_letters;
    struct audit_log *audit;
    struct job_store *jobs;
    struct login_attempts *login_attempts;
};

/* Once a suite: unchecked fixtures. */
void command_world_prepare(void);
void command_world_dispose(void);

/* An empty world; one at a time. */
void command_world_open(struct command_world *ret);
void command_world_close(struct command_world *world);

/* From outside of all units: */
int64_t world_add_user(const char *email);
void world_deactivate(int64_t user_id);
void world_make_staff(int64_t user_id);
void world_make_superuser(int64_t user_id);
void world_delete_user(int64_t user_id);
void world_add_session(const char *digest, int64_t user_id);
void world_expire_session(const char *digest);
/* Whose session it is, if it is good; NOBODY. */
int64_t world_session_user(const char *digest);
/* Its id for people. */
int64_t world_session_id(const char *digest);
/* It was used last so long ago. */
void world_see_session(const char *digest, int64_t minutes_ago);
int64_t world_session_seen_minutes_ago(const char *digest);
bool world_has_logged_in(int64_t user_id);
/* All that have failed so far did so earlier. */
void world_age_attempts(int64_t time_ms);
int64_t world_count_posts(void);
int64_t world_count_identities(void);
int64_t world_count_outgoing(void);
/* Is a message of this name and body in the outbox, with this traceparent? */
bool world_has_outgoing(const char *name, const char *body, const char *traceparent);
/* The latest deadline in the outbox; 0: none. */
int64_t world_outgoing_deadline(void);
enum world_finality { WORLD_FINAL, WORLD_NOT_FINAL };
/* Is this what is stored under this message_id? `error` is a code, or NULL: done. */
bool world_has_row(const char *message_id, const char *error, enum world_finality finality);
/* Whose it is, or NOBODY. */
int64_t world_row_user(const char *message_id);
/* Have its fields been read? */
bool world_row_has_fingerprint(const char *message_id);
int64_t world_count_changes(void);
/* Is there an entry of the audit log by this user, with this label and these fields as JSON? */
bool world_has_change(int64_t user_id, const char *message, const char *label, const char *fields);
void world_add_letter(int64_t failed_us);
/* A letter of this message with this body, sent by nobody; texts are static. Its id. */
int64_t world_put_letter(const char *message, const char *body);
int64_t world_count_letters(void);
/* The user for whom the letter with this detail would be replayed, or NOBODY. */
int64_t world_letter_user(const char *detail);
/* Is there a letter with this detail? */
bool world_has_letter(const char *detail);
