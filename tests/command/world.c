/* The ordinary world of a command's test. */

#include "tests/command/world.h"

#include <stdio.h>
#include <string.h>

#include "common/contract/contract.h"
#include "common/core/outgoing.h"
#include "common/json/json.h"

struct world world;

static void add_user(const char *email, const char *password_hash)
{
    struct fake_user *user = fake_user_store_add(&world.users, email);
    (void)snprintf(user->password_hash, sizeof(user->password_hash), "%s", password_hash);
}

void world_setup(void)
{
    fake_user_store_init(&world.users);
    fake_post_store_init(&world.posts, &world.users);
    fake_session_store_init(&world.sessions);
    fake_password_hasher_init(&world.passwords);
    fake_login_attempts_init(&world.login_attempts);
    fake_mailer_init(&world.mailer);
    fake_audit_log_init(&world.audit, &world.users);
    fake_dead_letter_store_init(&world.dead_letters);
    fake_job_store_init(&world.jobs);
    world.ports = (struct ports){
        .posts = &world.posts.base,
        .users = &world.users.base,
        .sessions = &world.sessions.base,
        .login_attempts = &world.login_attempts.base,
        .passwords = &world.passwords.base,
        .mailer = &world.mailer.base,
        .audit = &world.audit.base,
        .dead_letters = &world.dead_letters.base,
        .jobs = &world.jobs.base,
    };
    ctx_init(&world.ctx, arena_new(), &world.ports, NULL);
    world.ctx.message_id = MESSAGE_ID;

    add_user("ann@example.org", "hash of " ANNS_PASSWORD);
    add_user("bob@example.org", "hash of bob's");
    world.ctx.user_id = ANN;
}

void world_teardown(void)
{
    arena_free(world.ctx.arena);
}

void world_act_as_staff(void)
{
    world.ctx.is_staff = true;
    fake_user_store_get(&world.users, world.ctx.user_id)->is_staff = true;
}

void world_act_as_superuser(void)
{
    world_act_as_staff();
    world.ctx.is_superuser = true;
    fake_user_store_get(&world.users, world.ctx.user_id)->is_superuser = true;
}

size_t world_sent_count(void)
{
    size_t count = 0;
    for (const struct outgoing *each = world.ctx.outgoing; each != NULL; each = each->next) {
        count++;
    }
    return count;
}

const char *world_sent(const char *name)
{
    for (const struct outgoing *each = world.ctx.outgoing; each != NULL; each = each->next) {
        if (strcmp(each->contract->name, name) != 0) {
            continue;
        }
        if (each->contract->kind != MESSAGE_EVENT) {
            return each->body.data;
        }
        struct json_slice data;
        bool is_found = json_find_member(each->body.data, each->body.size, "data", &data);
        return is_found ? arena_copy(world.ctx.arena, data.data, data.size) : NULL;
    }
    return NULL;
}

const char *world_field_error(const char *field)
{
    for (const struct field_error *each = world.ctx.problem.errors; each != NULL;
         each = each->next) {
        if (strcmp(each->field, field) == 0) {
            return each->message;
        }
    }
    return NULL;
}
