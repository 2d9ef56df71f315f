/* The ordinary world of a query's test. */

#include "tests/query/world.h"

struct world world;

void world_setup(void)
{
    fake_change_reader_init(&world.changes);
    fake_command_states_init(&world.commands);
    fake_job_reader_init(&world.jobs);
    fake_letter_reader_init(&world.letters);
    fake_post_reader_init(&world.posts);
    fake_session_reader_init(&world.sessions);
    fake_user_reader_init(&world.users);
    world.ports = (struct ports){
        .changes = &world.changes.base,
        .commands = &world.commands.base,
        .jobs = &world.jobs.base,
        .letters = &world.letters.base,
        .posts = &world.posts.base,
        .sessions = &world.sessions.base,
        .users = &world.users.base,
    };
    ctx_init(&world.ctx, arena_new(), &world.ports, NULL);

    (void)fake_user_reader_add(&world.users, ANN, "ann@example.org");
    (void)fake_user_reader_add(&world.users, BOB, "bob@example.org");
    world.ctx.user_id = ANN;
}

void world_teardown(void)
{
    arena_free(world.ctx.arena);
}

int64_t world_add_post(int64_t author_id, enum post_status status)
{
    return fake_post_reader_add(&world.posts, author_id, "Hello", status)->id;
}
