/* What the suites of the unit of work share: two messages, the users Ann and Bob, and their
 * sessions. */
#pragma once

#include "contracts/posts_create.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

static struct command_world world;
static struct message first;
static struct message second;
static int64_t ann;
static int64_t bob;
static struct outcome stored; /* as the last begin gave it */

static const struct outcome success = {.err = OK, .body = "{\"a\":1}", .body_size = 7};
static const struct outcome failure = {.err = ERR_NOT_FOUND, .body = "{\"p\":2}", .body_size = 7};

static inline void setup(void)
{
    command_world_open(&world);
    message_open(&first, &posts_create_contract);
    message_open(&second, &posts_create_contract);
    ann = world_add_user("ann@example.com");
    bob = world_add_user("bob@example.com");
    world_add_session(DIGEST_OF_A, ann);
    world_add_session(DIGEST_OF_B, bob);
    first.envelope.session = DIGEST_OF_A;
}

static inline void teardown(void)
{
    message_close(&second);
    message_close(&first);
    command_world_close(&world);
}

/* The state that unit_begin tells, in a word. */
static inline const char *begin(struct message *message)
{
    static const char *const names[] = {
        [UNIT_NEW] = "new", [UNIT_REPLAY] = "replay", [UNIT_MISMATCH] = "mismatch"};
    enum unit_state state;
    stored = (struct outcome){.err = ERR_COUNT};
    expect_ok(unit_begin(world.unit, &message->ctx, &message->envelope, message->fingerprint,
                         &state, &stored));
    return names[state];
}

/* The failure of a unit that was begun: undone, and noted for those who ask. */
static inline void fail_for_now(struct message *message, enum err err)
{
    const struct outcome outcome = {.err = err, .body = "{\"n\":3}", .body_size = 7};
    unit_abort(world.unit);
    expect_ok(unit_note_failure(world.unit, &message->ctx, &message->envelope, message->fingerprint,
                                &outcome));
}

static inline void repeat_first(void)
{
    message_close(&second);
    message_repeat(&second, &first);
}

static inline void do_first(void)
{
    ck_assert_str_eq(begin(&first), "new");
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    repeat_first();
}
