/* The world in memory. */

#include "tests/adapters/command_world.h"

#include <string.h>

#include "common/core/clock.h"
#include "tests/fakes/fake_audit_log.h"
#include "tests/fakes/fake_dead_letter_store.h"
#include "tests/fakes/fake_job_store.h"
#include "tests/fakes/fake_login_attempts.h"
#include "tests/fakes/fake_unit.h"

#define MINUTE_US (60 * INT64_C(1000000))

static struct fake_user_store users;
static struct fake_session_store sessions;
static struct fake_post_store posts;
static struct fake_dead_letter_store letters;
static struct fake_audit_log audit;
static struct fake_job_store jobs;
static struct fake_login_attempts attempts;
static struct fake_unit unit;

void command_world_prepare(void)
{
}

void command_world_dispose(void)
{
}

void command_world_open(struct command_world *ret)
{
    fake_user_store_init(&users);
    fake_session_store_init(&sessions);
    fake_post_store_init(&posts, &users);
    fake_dead_letter_store_init(&letters);
    fake_audit_log_init(&audit, &users);
    fake_job_store_init(&jobs);
    fake_login_attempts_init(&attempts);
    fake_unit_init(&unit, &users, &sessions, &posts);
    unit.audit = &audit;
    *ret = (struct command_world){
        .unit = &unit.base,
        .posts = &posts.base,
        .users = &users.base,
        .sessions = &sessions.base,
        .dead_letters = &letters.base,
        .audit = &audit.base,
        .jobs = &jobs.base,
        .login_attempts = &attempts.base,
    };
}

void command_world_close(struct command_world *world)
{
    (void)world;
    fake_unit_clear(&unit);
}

int64_t world_add_user(const char *email)
{
    return fake_user_store_add(&users, email)->id;
}

void world_deactivate(int64_t user_id)
{
    fake_user_store_get(&users, user_id)->is_active = false;
}

void world_make_staff(int64_t user_id)
{
    fake_user_store_get(&users, user_id)->is_staff = true;
}

void world_make_superuser(int64_t user_id)
{
    fake_user_store_get(&users, user_id)->is_superuser = true;
}

void world_delete_user(int64_t user_id)
{
    struct fake_user *user = fake_user_store_get(&users, user_id);
    *user = users.users[--users.count];
}

void world_add_session(const char *digest, int64_t user_id)
{
    fake_session_store_add(&sessions, digest, user_id);
}

void world_expire_session(const char *digest)
{
    fake_session_store_get(&sessions, digest)->is_expired = true;
}

int64_t world_session_user(const char *digest)
{
    const struct fake_session *session = fake_session_store_get(&sessions, digest);
    return session == NULL || session->is_expired ? NOBODY : session->user_id;
}

int64_t world_session_id(const char *digest)
{
    return fake_session_store_get(&sessions, digest)->id;
}

void world_see_session(const char *digest, int64_t minutes_ago)
{
    fake_session_store_get(&sessions, digest)->last_seen_at =
        clock_wall_us() - minutes_ago * MINUTE_US;
}

int64_t world_session_seen_minutes_ago(const char *digest)
{
    return (clock_wall_us() - fake_session_store_get(&sessions, digest)->last_seen_at) / MINUTE_US;
}

bool world_has_logged_in(int64_t user_id)
{
    return fake_user_store_get(&users, user_id)->last_login != 0;
}

void world_age_attempts(int64_t time_ms)
{
    fake_login_attempts_pass(&attempts, time_ms);
}

int64_t world_count_posts(void)
{
    return (int64_t)posts.count;
}

int64_t world_count_identities(void)
{
    return (int64_t)unit.identity_count;
}

int64_t world_count_outgoing(void)
{
    return (int64_t)unit.outbox_count;
}

bool world_has_outgoing(const char *name, const char *body, const char *traceparent)
{
    for (size_t i = 0; i < unit.outbox_count; i++) {
        const struct fake_outgoing *kept = &unit.outbox[i];
        if (strcmp(kept->name, name) == 0 && strcmp(kept->body, body) == 0 &&
            strcmp(kept->traceparent, traceparent) == 0) {
            return true;
        }
    }
    return false;
}

int64_t world_count_changes(void)
{
    return (int64_t)audit.count;
}

bool world_has_change(int64_t user_id, const char *message, const char *label, const char *fields)
{
    for (size_t i = 0; i < audit.count; i++) {
        const struct fake_change *change = &audit.changes[i];
        if (change->user_id == user_id && strcmp(change->message, message) == 0 &&
            strcmp(change->label, label) == 0 && strcmp(change->fields, fields) == 0) {
            return true;
        }
    }
    return false;
}

void world_add_letter(int64_t failed_us)
{
    fake_dead_letter_store_add(&letters, failed_us);
}

int64_t world_put_letter(const char *message, const char *body)
{
    return fake_dead_letter_store_put(&letters, message, body);
}

int64_t world_count_letters(void)
{
    return (int64_t)unit.letter_count;
}

bool world_has_letter(const char *detail)
{
    for (size_t i = 0; i < unit.letter_count; i++) {
        if (strcmp(unit.letters[i].detail, detail) == 0) {
            return true;
        }
    }
    return false;
}

int64_t world_outgoing_deadline(void)
{
    int64_t latest = 0;
    for (size_t i = 0; i < unit.outbox_count; i++) {
        latest = unit.outbox[i].deadline_ms > latest ? unit.outbox[i].deadline_ms : latest;
    }
    return latest;
}

bool world_has_row(const char *message_id, const char *error, enum world_finality finality)
{
    const struct fake_identity *row = fake_unit_identity(&unit, message_id);
    enum err err = error == NULL ? OK : err_from_code(error);
    return row != NULL && row->outcome.err == err && row->is_final == (finality == WORLD_FINAL);
}

int64_t world_row_user(const char *message_id)
{
    return fake_unit_identity(&unit, message_id)->user_id;
}

bool world_row_has_fingerprint(const char *message_id)
{
    return fake_unit_identity(&unit, message_id)->has_fingerprint;
}

int64_t world_letter_user(const char *detail)
{
    size_t i = 0;
    while (i < unit.letter_count && strcmp(unit.letters[i].detail, detail) != 0) {
        i++;
    }
    return i < unit.letter_count ? unit.letter_user_ids[i] : NOBODY;
}
