/* The intake of dead letters, on a broker in memory. */

#include "jobs/dead_intake.h"

#include <string.h>

#include "common/bus/memory_bus.h"
#include "common/contract/contract.h"
#include "tests/scheduler/fake_dead_letters.h"
#include "tests/support/check_main.h"

static struct topology *topology;
static struct memory_broker *broker;
static struct bus *sender;
static struct fake_dead_letters letters;
static struct dead_intake intake;

static void poll_intake(void)
{
    for (int i = 0; i < 4; i++) {
        bus_poll(intake.bus, 0);
    }
}

/* What the broker does with a message it gives up. */
static void give_up(const char *message_id)
{
    static const char body[] = "{\"post_id\":1}";
    const struct bus_message message = {
        .exchange = EXCHANGE_DEAD,
        .routing_key = "posts.delete",
        .type = "posts.delete",
        .message_id = message_id,
        .body = body,
        .body_size = strlen(body),
    };
    ck_assert(bus_publish(sender, &message, NULL));
    bus_poll(sender, 0);
    poll_intake();
}

static void setup(void)
{
    static const struct bus_events nothing = {0};
    topology = topology_new(contracts, contract_count);
    broker = memory_broker_new();
    sender = memory_bus_new(broker, topology, &nothing, NULL);
    bus_poll(sender, 0);
    fake_dead_letters_init(&letters);
    intake = (struct dead_intake){
        .link.name = "consume",
        .dead_letters = &letters.base,
    };
    intake.bus = memory_bus_new(broker, topology, &dead_intake_events, &intake);
    bus_add_consumer(intake.bus, QUEUE_DEAD_INTAKE, DEAD_INTAKE_PREFETCH);
    poll_intake();
}

static void teardown(void)
{
    bus_free(intake.bus);
    bus_free(sender);
    dead_intake_let_go(&intake);
    memory_broker_free(broker);
    topology_free(topology);
}

/* What goes back to the queue was not acked. */
static long depth_after_leaving(void)
{
    bus_close(intake.bus, 0);
    return memory_broker_depth(broker, QUEUE_DEAD_INTAKE);
}

START_TEST(has_nothing_to_do_while_nothing_dies)
{
    ck_assert(!dead_intake_has_work(&intake));
}
END_TEST

START_TEST(keeps_a_letter_and_acks_it)
{
    give_up("0b9ffa01-1111-4111-8111-111111111111");

    ck_assert(dead_intake_has_work(&intake));
    expect_ok(dead_intake_step(&intake));

    ck_assert_uint_eq(letters.count, 1);
    ck_assert_str_eq(letters.letters[0].message, "posts.delete");
    ck_assert_str_eq(letters.letters[0].body, "{\"post_id\":1}");
    ck_assert_ptr_nonnull(strstr(letters.letters[0].problem, "\"code\":\"internal\""));
    ck_assert(!dead_intake_has_work(&intake));
    ck_assert_int_eq(depth_after_leaving(), 0);
}
END_TEST

START_TEST(keeps_letters_in_the_order_they_came)
{
    give_up("00000000-0000-4000-8000-000000000001");
    give_up("00000000-0000-4000-8000-000000000002");
    give_up("00000000-0000-4000-8000-000000000003");

    while (dead_intake_has_work(&intake)) {
        expect_ok(dead_intake_step(&intake));
    }

    ck_assert_uint_eq(letters.count, 3);
    ck_assert_str_eq(letters.letters[0].message_id, "00000000-0000-4000-8000-000000000001");
    ck_assert_str_eq(letters.letters[2].message_id, "00000000-0000-4000-8000-000000000003");
    ck_assert_int_eq(depth_after_leaving(), 0);
}
END_TEST

START_TEST(holds_a_letter_back_while_the_database_is_away)
{
    give_up(NULL);
    letters.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, dead_intake_step(&intake));
    ck_assert(dead_intake_has_work(&intake));
    letters.fails_with = OK;
    expect_ok(dead_intake_step(&intake));

    ck_assert_uint_eq(letters.count, 1);
}
END_TEST

START_TEST(acks_nothing_that_is_not_kept)
{
    give_up(NULL);
    letters.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, dead_intake_step(&intake));

    ck_assert_int_eq(depth_after_leaving(), 1);
}
END_TEST

START_TEST(a_letter_that_is_refused_is_kept_without_what_came_from_outside)
{
    give_up(NULL);
    letters.refused_body = "{\"post_id\":1}";

    expect_ok(dead_intake_step(&intake));

    ck_assert_uint_eq(letters.count, 1);
    ck_assert_str_eq(letters.letters[0].body, "null");
    ck_assert_str_eq(letters.letters[0].message, "posts.delete");
}
END_TEST

START_TEST(a_lost_connection_brings_the_letter_again_once)
{
    give_up(NULL);
    memory_bus_disconnect(intake.bus, false);
    poll_intake();

    ck_assert(dead_intake_has_work(&intake));
    expect_ok(dead_intake_step(&intake));

    ck_assert(!dead_intake_has_work(&intake));
    ck_assert_uint_eq(letters.count, 1);
    ck_assert_int_eq(depth_after_leaving(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, has_nothing_to_do_while_nothing_dies);
    tcase_add_test(tests, keeps_a_letter_and_acks_it);
    tcase_add_test(tests, keeps_letters_in_the_order_they_came);
    tcase_add_test(tests, holds_a_letter_back_while_the_database_is_away);
    tcase_add_test(tests, acks_nothing_that_is_not_kept);
    tcase_add_test(tests, a_letter_that_is_refused_is_kept_without_what_came_from_outside);
    tcase_add_test(tests, a_lost_connection_brings_the_letter_again_once);
}
CHECK_MAIN("scheduler dead intake", add_tests)
