/* The world on PostgreSQL. */

#include "tests/adapters/postgres_query_world.h"

#include <inttypes.h>
#include <stdio.h>

#include "adapters/postgres_change_reader.h"
#include "adapters/postgres_command_states.h"
#include "adapters/postgres_letter_reader.h"
#include "adapters/postgres_post_reader.h"
#include "adapters/postgres_reading.h"
#include "adapters/postgres_session_reader.h"
#include "adapters/postgres_user_reader.h"

static struct test_database database;
static struct postgres *db;

void query_world_prepare(void)
{
    test_database_create(&database);
    test_database_migrate(&database);
}

void query_world_dispose(void)
{
    test_database_drop(&database);
}

const struct test_database *postgres_world_database(void)
{
    return &database;
}

struct postgres *postgres_world_db(void)
{
    return db;
}

void query_world_open(struct query_world *ret)
{
    test_database_clear(&database);
    db = postgres_new(&(struct postgres_options){
        .url = database.url,
        .application_name = WORLD_APPLICATION,
        .access = POSTGRES_READ_ONLY,
    });
    *ret = (struct query_world){
        .changes = postgres_change_reader_new(db),
        .commands = postgres_command_states_new(db),
        .letters = postgres_letter_reader_new(db),
        .posts = postgres_post_reader_new(db),
        .sessions = postgres_session_reader_new(db),
        .users = postgres_user_reader_new(db),
        .reading = postgres_reading_new(db),
    };
}

void query_world_close(struct query_world *world)
{
    postgres_change_reader_free(world->changes);
    postgres_reading_free(world->reading);
    postgres_user_reader_free(world->users);
    postgres_session_reader_free(world->sessions);
    postgres_letter_reader_free(world->letters);
    postgres_command_states_free(world->commands);
    postgres_post_reader_free(world->posts);
    postgres_free(db);
}

void world_add_user(int64_t id)
{
    char email[64];
    (void)snprintf(email, sizeof(email), "author%d@example.com", (int)id);
    world_add_named_user(id, email);
}

void world_add_named_user(int64_t id, const char *email)
{
    test_database_run(&database,
                      "INSERT INTO users (id, email, password_hash)"
                      " VALUES (%" PRId64 ", '%s', 'hash')",
                      id, email);
}

void world_log_in(int64_t user_id, int64_t at_us)
{
    test_database_run(&database,
                      "UPDATE users SET last_login = timestamptz 'epoch' + %" PRId64
                      " * interval '1 microsecond' WHERE id = %" PRId64,
                      at_us, user_id);
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

void world_add_session(const char *digest, int64_t user_id)
{
    test_database_run(&database,
                      "INSERT INTO sessions (digest, user_id, expires_at)"
                      " VALUES (decode('%s', 'hex'), %" PRId64 ", now() + interval '1 hour')",
                      digest, user_id);
}

void world_see_session(const char *digest, int64_t minutes_ago, const char *client_address)
{
    test_database_run(&database,
                      "UPDATE sessions SET last_seen_at = now() - %" PRId64
                      " * interval '1 minute', client_address = nullif('%s', '')"
                      " WHERE digest = decode('%s', 'hex')",
                      minutes_ago, client_address == NULL ? "" : client_address, digest);
}

void world_expire_session(const char *digest)
{
    test_database_run(&database,
                      "UPDATE sessions SET expires_at = now() WHERE digest = decode('%s', 'hex')",
                      digest);
}

int64_t world_add_post(int64_t author_id, const char *title, enum post_status status,
                       int64_t created_at)
{
    return test_database_integer(
        &database,
        "INSERT INTO posts (author_id, title, content, status, created_at, updated_at)"
        " SELECT %" PRId64 ", '%s', 'some content', '%s', moment, moment"
        " FROM (SELECT timestamptz 'epoch' + %" PRId64 " * interval '1 microsecond' AS moment) m"
        " RETURNING id",
        author_id, title, post_status_text(status), created_at);
}

void world_remove_post(int64_t id)
{
    test_database_run(&database, "DELETE FROM posts WHERE id = %" PRId64, id);
}

static int64_t add_change(int64_t user_id, int64_t changed_at, const char *old, const char *new)
{
    return test_database_integer(
        &database,
        "INSERT INTO admin_changes (changed_at, user_id, user_email, message, object, object_id,"
        " label, fields) VALUES (timestamptz 'epoch' + %" PRId64 " * interval '1 microsecond',"
        " 1, 'ann@example.org', 'admin.change_user', 'user', %" PRId64 ", 'bob@example.org',"
        " jsonb_build_object('fields', jsonb_build_array(jsonb_build_object("
        "'field', 'email', 'old', nullif('%s', ''), 'new', '%s')))) RETURNING id",
        changed_at, user_id, old, new);
}

int64_t world_add_change(int64_t user_id, int64_t changed_at, const char *old)
{
    return add_change(user_id, changed_at, old, "bob@example.org");
}

void world_add_text_change(int64_t changed_at, const char *old, const char *new)
{
    (void)add_change(1, changed_at, old, new);
}

void world_add_command(const char *message_id, const struct command_record *command)
{
    test_database_run(
        &database,
        "INSERT INTO inbox (message_id, user_id, session, session_user_id, name,"
        " fingerprint, error, body) VALUES ('%s', nullif(%" PRId64
        ", 0), decode(nullif('%s', ''), 'hex'), nullif(%" PRId64 ", 0), '%s', '', %s, '%s')",
        message_id, command->user_id, command->session == NULL ? "" : command->session,
        command->session_user_id, command->has_session_effect ? "users.logout" : "posts.create",
        command->has_failed ? "'not_found'" : "NULL", command->body.data);
}

int64_t world_add_letter(const char *message, const char *code, int64_t failed_at)
{
    return test_database_integer(
        &database,
        "INSERT INTO dead_letters (message, code, detail, body, headers, failed_at) VALUES"
        " ('%s', '%s', 'it went wrong', '{\"post_id\":1}', '{}',"
        " timestamptz 'epoch' + %" PRId64 " * interval '1 microsecond') RETURNING id",
        message, code, failed_at);
}

void world_add_action(const char *action, const char *message)
{
    test_database_run(&database,
                      "INSERT INTO dead_letter_actions (actor, action, letter_id, message, code,"
                      " detail) VALUES ('ann', '%s', 1, '%s', 'internal', '')",
                      action, message);
}
