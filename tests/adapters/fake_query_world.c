/* The world in memory. */

#include "tests/adapters/query_world.h"

#include <stdio.h>
#include <string.h>

#include "common/core/clock.h"

#include "tests/fakes/fake_change_reader.h"
#include "tests/fakes/fake_command_states.h"
#include "tests/fakes/fake_letter_reader.h"
#include "tests/fakes/fake_post_reader.h"
#include "tests/fakes/fake_reading.h"
#include "tests/fakes/fake_session_reader.h"
#include "tests/fakes/fake_user_reader.h"

#define MINUTE_US (60 * INT64_C(1000000))
#define HOUR_US (60 * MINUTE_US)

static struct fake_change_reader changes;
static struct fake_command_states commands;
static struct fake_letter_reader letters;
static struct fake_post_reader posts;
static struct fake_session_reader sessions;
static struct fake_user_reader users;
static struct fake_reading reading;

void query_world_prepare(void)
{
}

void query_world_dispose(void)
{
}

void query_world_open(struct query_world *ret)
{
    fake_change_reader_init(&changes);
    fake_command_states_init(&commands);
    fake_letter_reader_init(&letters);
    fake_post_reader_init(&posts);
    fake_session_reader_init(&sessions);
    fake_user_reader_init(&users);
    fake_reading_init(&reading);
    *ret = (struct query_world){
        .changes = &changes.base,
        .commands = &commands.base,
        .letters = &letters.base,
        .posts = &posts.base,
        .sessions = &sessions.base,
        .users = &users.base,
        .reading = &reading.base,
    };
}

void query_world_close(struct query_world *world)
{
    (void)world;
}

void world_add_user(int64_t id)
{
    char email[64];
    (void)snprintf(email, sizeof(email), "author%d@example.com", (int)id);
    world_add_named_user(id, email);
}

void world_add_named_user(int64_t id, const char *email)
{
    fake_user_reader_add(&users, id, email);
    fake_reading_add(&reading, id, NULL);
}

void world_log_in(int64_t user_id, int64_t at_us)
{
    fake_user_reader_get(&users, user_id)->last_login = at_us;
}

void world_deactivate(int64_t user_id)
{
    for (size_t i = 0; i < users.count; i++) {
        users.users[i].is_active = users.users[i].is_active && users.users[i].id != user_id;
    }
    for (size_t i = 0; i < reading.count; i++) {
        struct fake_caller *caller = &reading.callers[i];
        caller->is_active = caller->is_active && caller->user_id != user_id;
    }
}

void world_make_staff(int64_t user_id)
{
    fake_user_reader_get(&users, user_id)->is_staff = true;
    for (size_t i = 0; i < reading.count; i++) {
        struct fake_caller *caller = &reading.callers[i];
        caller->is_staff = caller->is_staff || caller->user_id == user_id;
    }
}

void world_make_superuser(int64_t user_id)
{
    fake_user_reader_get(&users, user_id)->is_superuser = true;
    for (size_t i = 0; i < reading.count; i++) {
        struct fake_caller *caller = &reading.callers[i];
        caller->is_superuser = caller->is_superuser || caller->user_id == user_id;
    }
}

void world_add_session(const char *digest, int64_t user_id)
{
    fake_reading_add(&reading, user_id, digest);
    struct fake_read_session *session = fake_session_reader_add(&sessions, user_id, digest);
    session->created_at = clock_wall_us();
    session->last_seen_at = session->created_at;
    session->expires_at = session->created_at + HOUR_US;
}

void world_see_session(const char *digest, int64_t minutes_ago, const char *client_address)
{
    struct fake_read_session *session = fake_session_reader_get(&sessions, digest);
    session->last_seen_at = clock_wall_us() - minutes_ago * MINUTE_US;
    session->client_address = client_address;
}

void world_expire_session(const char *digest)
{
    for (size_t i = 0; i < reading.count; i++) {
        struct fake_caller *caller = &reading.callers[i];
        caller->is_session_expired =
            caller->is_session_expired || strcmp(caller->session, digest) == 0;
    }
    fake_session_reader_get(&sessions, digest)->is_expired = true;
}

int64_t world_add_post(int64_t author_id, const char *title, enum post_status status,
                       int64_t created_at)
{
    struct fake_read_post *post = fake_post_reader_add(&posts, author_id, title, status);
    post->created_at = created_at;
    post->updated_at = created_at;
    return post->id;
}

void world_remove_post(int64_t id)
{
    fake_post_reader_remove(&posts, id);
}

int64_t world_add_change(int64_t user_id, int64_t changed_at, const char *old)
{
    struct fake_read_change *change = fake_change_reader_add(&changes, user_id, changed_at);
    (void)snprintf(change->old, sizeof(change->old), "%s", old);
    return change->id;
}

void world_add_text_change(int64_t changed_at, const char *old, const char *new)
{
    struct fake_read_change *change = fake_change_reader_add(&changes, 1, changed_at);
    (void)snprintf(change->old, sizeof(change->old), "%s", old);
    (void)snprintf(change->new, sizeof(change->new), "%s", new);
}

void world_add_command(const char *message_id, const struct command_record *command)
{
    struct fake_command *added = fake_command_states_add(&commands, message_id, command->body.data);
    added->user_id = command->user_id;
    added->session_user_id = command->session_user_id;
    added->has_session_effect = command->has_session_effect;
    added->has_failed = command->has_failed;
    (void)snprintf(added->session, sizeof(added->session), "%s",
                   command->session == NULL ? "" : command->session);
}

int64_t world_add_letter(const char *message, const char *code, int64_t failed_at)
{
    struct letter *letter = fake_letter_reader_add(&letters, message, code);
    letter->failed_at = failed_at;
    letter->body = "{\"post_id\":1}";
    letter->body_size = (int64_t)strlen(letter->body);
    return letter->id;
}

void world_add_action(const char *action, const char *message)
{
    fake_letter_reader_note(&letters, &(struct letter_action){.actor = "ann",
                                                              .action = action,
                                                              .letter_id = 1,
                                                              .message = message,
                                                              .code = "internal",
                                                              .detail = ""});
}
