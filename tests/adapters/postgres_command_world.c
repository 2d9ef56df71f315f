/* The world on PostgreSQL. */

#include "tests/adapters/postgres_command_world.h"

#include <inttypes.h>

#include "adapters/postgres_audit_log.h"
#include "adapters/postgres_dead_letter_store.h"
#include "adapters/postgres_job_store.h"
#include "adapters/postgres_login_attempts.h"
#include "adapters/postgres_post_store.h"
#include "adapters/postgres_session_store.h"
#include "adapters/postgres_unit.h"
#include "adapters/postgres_user_store.h"

static struct test_database database;
static struct postgres_world main_world;

void command_world_prepare(void)
{
    test_database_create(&database);
    test_database_migrate(&database);
}

void command_world_dispose(void)
{
    test_database_drop(&database);
}

const struct test_database *postgres_world_database(void)
{
    return &database;
}

void postgres_world_open(struct postgres_world *ret, const struct postgres_options *options)
{
    struct postgres_options own = *options;
    own.url = own.url == NULL ? database.url : own.url;
    own.application_name = WORLD_APPLICATION;
    ret->db = postgres_new(&own);
    const struct session_lifetime session_lifetime = {WORLD_SESSION_HOURS, WORLD_IDLE_HOURS};
    ret->ports = (struct command_world){
        .unit = postgres_unit_new(ret->db, &session_lifetime),
        .posts = postgres_post_store_new(ret->db),
        .users = postgres_user_store_new(ret->db),
        .sessions = postgres_session_store_new(ret->db, &session_lifetime),
        .audit = postgres_audit_log_new(ret->db),
        .dead_letters = postgres_dead_letter_store_new(ret->db),
        .jobs = postgres_job_store_new(ret->db),
        .login_attempts = postgres_login_attempts_new(ret->db, "a secret of thirty-two characters"),
    };
}

void postgres_world_close(struct postgres_world *world)
{
    postgres_audit_log_free(world->ports.audit);
    postgres_job_store_free(world->ports.jobs);
    postgres_login_attempts_free(world->ports.login_attempts);
    postgres_dead_letter_store_free(world->ports.dead_letters);
    postgres_session_store_free(world->ports.sessions);
    postgres_user_store_free(world->ports.users);
    postgres_post_store_free(world->ports.posts);
    postgres_unit_free(world->ports.unit);
    postgres_free(world->db);
}

void command_world_open(struct command_world *ret)
{
    test_database_clear(&database);
    postgres_world_open(&main_world, &(struct postgres_options){.lock_timeout_ms = 300});
    *ret = main_world.ports;
}

void command_world_close(struct command_world *world)
{
    (void)world;
    postgres_world_close(&main_world);
}

int64_t world_add_user(const char *email)
{
    test_database_run(&database, "INSERT INTO users (email, password_hash) VALUES ('%s', 'hash')",
                      email);
    return test_database_integer(&database, "SELECT id FROM users WHERE email = '%s'", email);
}

void world_deactivate(int64_t user_id)
{
    test_database_run(&database, "UPDATE users SET is_active = false WHERE id = %" PRId64, user_id);
}

void world_make_staff(int64_t user_id)
{
    test_database_run(&database, "UPDATE users SET is_staff = true WHERE id = %" PRId64, user_id);
}

void world_make_superuser(int64_t user_id)
{
    test_database_run(&database, "UPDATE users SET is_superuser = true WHERE id = %" PRId64,
                      user_id);
}

void world_delete_user(int64_t user_id)
{
    test_database_run(&database, "DELETE FROM users WHERE id = %" PRId64, user_id);
}

void world_add_session(const char *digest, int64_t user_id)
{
    test_database_run(&database,
                      "INSERT INTO sessions (digest, user_id, ends_at, expires_at)"
                      " VALUES (decode('%s', 'hex'), %" PRId64
                      ", now() + interval '1 hour', now() + interval '1 hour')",
                      digest, user_id);
}

void world_expire_session(const char *digest)
{
    test_database_run(&database,
                      "UPDATE sessions SET expires_at = now() WHERE digest = decode('%s', 'hex')",
                      digest);
}

int64_t world_session_user(const char *digest)
{
    return test_database_integer(&database,
                                 "SELECT coalesce(max(user_id), 0) FROM sessions"
                                 " WHERE digest = decode('%s', 'hex') AND expires_at > now()"
                                 " AND ends_at <= now() + interval '%d hours'"
                                 " AND expires_at <= now() + interval '%d hours'",
                                 digest, WORLD_SESSION_HOURS, WORLD_IDLE_HOURS);
}

int64_t world_session_id(const char *digest)
{
    return test_database_integer(
        &database, "SELECT id FROM sessions WHERE digest = decode('%s', 'hex')", digest);
}

void world_see_session(const char *digest, int64_t minutes_ago)
{
    test_database_run(&database,
                      "UPDATE sessions SET last_seen_at = now() - %" PRId64
                      " * interval '1 minute' WHERE digest = decode('%s', 'hex')",
                      minutes_ago, digest);
}

int64_t world_session_seen_minutes_ago(const char *digest)
{
    return test_database_integer(&database,
                                 "SELECT floor(extract(epoch FROM now() - last_seen_at) / 60)::int8"
                                 " FROM sessions WHERE digest = decode('%s', 'hex')",
                                 digest);
}

bool world_has_logged_in(int64_t user_id)
{
    return test_database_integer(&database,
                                 "SELECT count(*) FROM users WHERE id = %" PRId64
                                 " AND last_login > now() - interval '1 minute'",
                                 user_id) == 1;
}

void world_age_attempts(int64_t time_ms)
{
    test_database_run(&database,
                      "UPDATE login_attempts SET failed_at = failed_at - %" PRId64
                      " * interval '1 millisecond'",
                      time_ms);
}

int64_t world_count_posts(void)
{
    return test_database_integer(&database, "SELECT count(*) FROM posts");
}

int64_t world_count_identities(void)
{
    return test_database_integer(&database, "SELECT count(*) FROM inbox");
}

int64_t world_count_outgoing(void)
{
    return test_database_integer(&database, "SELECT count(*) FROM outbox");
}

bool world_has_outgoing(const char *name, const char *body, const char *traceparent)
{
    return test_database_integer(&database,
                                 "SELECT count(*) FROM outbox WHERE name = '%s' AND body = '%s'"
                                 " AND traceparent = '%s'",
                                 name, body, traceparent) == 1;
}

int64_t world_count_changes(void)
{
    return test_database_integer(&database, "SELECT count(*) FROM admin_changes");
}

bool world_has_change(int64_t user_id, const char *message, const char *label, const char *fields)
{
    return test_database_integer(&database,
                                 "SELECT count(*) FROM admin_changes c JOIN users u"
                                 " ON u.id = c.user_id AND u.email = c.user_email"
                                 " WHERE user_id = %" PRId64 " AND message = '%s' AND label = '%s'"
                                 " AND fields = '%s' AND changed_at > now() - interval '1 minute'",
                                 user_id, message, label, fields) == 1;
}

void world_add_letter(int64_t failed_us)
{
    test_database_run(&database,
                      "INSERT INTO dead_letters (message, code, detail, body, headers, failed_at)"
                      " VALUES ('posts.create', 'internal', '', '{}', '{}',"
                      " to_timestamp(%lld / 1000000.0))",
                      (long long)failed_us);
}

int64_t world_put_letter(const char *message, const char *body)
{
    return test_database_integer(&database,
                                 "INSERT INTO dead_letters (message, code, detail, body, headers)"
                                 " VALUES ('%s', 'internal', 'it died', '%s', '{}') RETURNING id",
                                 message, body);
}

int64_t world_count_letters(void)
{
    return test_database_integer(&database, "SELECT count(*) FROM dead_letters");
}

bool world_has_letter(const char *detail)
{
    return test_database_integer(&database, "SELECT count(*) FROM dead_letters WHERE detail = '%s'",
                                 detail) == 1;
}

int64_t world_outgoing_deadline(void)
{
    return test_database_integer(&database, "SELECT coalesce(max(deadline), 0) FROM outbox");
}

bool world_has_row(const char *message_id, const char *error, enum world_finality finality)
{
    return test_database_integer(&database,
                                 "SELECT count(*) FROM inbox WHERE message_id = '%s'"
                                 " AND coalesce(error, 'done') = '%s' AND is_final = %s",
                                 message_id, error == NULL ? "done" : error,
                                 finality == WORLD_FINAL ? "true" : "false") == 1;
}

int64_t world_row_user(const char *message_id)
{
    return test_database_integer(
        &database, "SELECT coalesce(user_id, 0) FROM inbox WHERE message_id = '%s'", message_id);
}

bool world_row_has_fingerprint(const char *message_id)
{
    return test_database_integer(&database,
                                 "SELECT count(fingerprint) FROM inbox WHERE message_id = '%s'",
                                 message_id) == 1;
}

int64_t world_letter_user(const char *detail)
{
    return test_database_integer(
        &database, "SELECT coalesce(max(user_id), 0) FROM dead_letters WHERE detail = '%s'",
        detail);
}
