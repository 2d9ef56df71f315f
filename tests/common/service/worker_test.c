/* The worker on the in-memory bus, with an executor that does as it is told. */

#include <stdio.h>
#include <string.h>

#include "common/bus/memory_bus.h"
#include "common/core/outgoing.h"
#include "common/service/worker.h"
#include "contracts/posts_create.h"
#include "contracts/posts_created.h"
#include "tests/support/check_main.h"

#define QUEUE "command.posts.create"
#define GOOD_BODY "{\"title\":\"t\",\"content\":\"c\",\"status\":\"draft\"}"
enum { TURNS_MAX = 2000 };

/* An executor that answers, and remembers what it was asked. */
static struct {
    struct executor base;
    bool is_ready;
    int executed;
    int buried;
    int forgotten;
    int unavailable; /* how many times to fail before it succeeds */
    enum err answer;
    enum err admission;
    bool sends_event;
    char seen_title[64];
    char buried_code[32];
} executor;

static struct memory_broker *broker;
static struct topology *topology;
static struct worker *worker;
static struct bus *worker_buses[2];
static struct bus *client;
static struct handler handler = {.contract = &posts_create_contract};

static struct {
    int count;
    char type[64];
    char content_type[64];
    char correlation_id[64];
    char body[2048];
} replies;

static enum err admit(struct executor *self, const struct work *work, struct ctx *ctx)
{
    (void)self;
    (void)work;
    return executor.admission == OK ? OK : ctx_fail(ctx, executor.admission, "not admitted");
}

static enum err execute(struct executor *self, const struct work *work, struct ctx *ctx,
                        struct reply *ret)
{
    (void)self;
    static const struct posts_create_result result = {
        .post = {.id = 7,
                 .title = "t",
                 .content = "c",
                 .status = POST_STATUS_DRAFT,
                 .author = {.id = 1, .email = "ann@example.com"}}};
    const struct posts_create_command *command = work->input;
    executor.executed++;
    (void)snprintf(executor.seen_title, sizeof(executor.seen_title), "%s", command->title);
    if (executor.unavailable > 0) {
        executor.unavailable--;
        return ERR_UNAVAILABLE;
    }
    if (executor.sends_event) {
        posts_created_publish(ctx, &(struct posts_created_event){.post = result.post});
    }
    reply_make(ctx, executor.answer, &result, ret);
    return OK;
}

static enum err bury(struct executor *self, const struct work *work, struct ctx *ctx)
{
    (void)self;
    (void)work;
    executor.buried++;
    (void)snprintf(executor.buried_code, sizeof(executor.buried_code), "%s",
                   err_info(ctx->problem.err)->code);
    return OK;
}

static enum err forget_outgoing(struct executor *self, const char *const *ids, size_t count)
{
    (void)self;
    (void)ids;
    executor.forgotten += (int)count;
    return OK;
}

static enum err ready(struct executor *self)
{
    (void)self;
    return executor.is_ready ? OK : ERR_UNAVAILABLE;
}

static struct bus *make_bus(void *owner, enum bus_role role, const struct bus_events *events,
                            void *bus_owner)
{
    (void)owner;
    worker_buses[role] = memory_bus_new(broker, topology, events, bus_owner);
    return worker_buses[role];
}

static void copy_to(char *place, size_t size, const char *text)
{
    (void)snprintf(place, size, "%s", text == NULL ? "" : text);
}

static void on_reply(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)owner;
    (void)bus;
    const struct bus_message *message = &delivery->message;
    replies.count++;
    copy_to(replies.type, sizeof(replies.type), message->type);
    copy_to(replies.content_type, sizeof(replies.content_type), message->content_type);
    copy_to(replies.correlation_id, sizeof(replies.correlation_id), message->correlation_id);
    (void)snprintf(replies.body, sizeof(replies.body), "%.*s", (int)message->body_size,
                   (const char *)message->body);
}

static void start_worker(void)
{
    static const struct handler *const handlers[] = {&handler};
    const struct worker_options options = {
        .handlers = handlers,
        .handler_count = 1,
        .executor = &executor.base,
        .prefetch = 10,
        .make_bus = make_bus,
    };
    worker = worker_new(&options);
}

static void turn(void)
{
    worker_turn(worker, 0, -1);
    bus_poll(client, 0);
}

static void setup(void)
{
    static const struct executor_ops ops = {admit, execute, bury, forget_outgoing, ready};
    static const struct bus_events client_events = {.on_delivery = on_reply};
    memset(&executor, 0, sizeof(executor));
    memset(&replies, 0, sizeof(replies));
    executor.base.ops = &ops;
    executor.is_ready = true;
    broker = memory_broker_new();
    topology = topology_new(contracts, contract_count);
    client = memory_bus_new(broker, topology, &client_events, NULL);
    bus_add_reply_queue(client, 100);
    start_worker();
    for (int i = 0; i < TURNS_MAX && !(worker_is_serving(worker) && bus_is_up(client)); i++) {
        turn();
    }
    ck_assert(worker_is_serving(worker));
}

static void teardown(void)
{
    worker_free(worker);
    bus_free(client);
    memory_broker_free(broker);
    topology_free(topology);
}

static struct bus_message command(void)
{
    return (struct bus_message){
        .exchange = EXCHANGE_COMMANDS,
        .routing_key = "posts.create",
        .message_id = "0190a7f0-0000-7000-8000-000000000001",
        .correlation_id = "c1",
        .reply_to = bus_reply_queue(client),
        .body = GOOD_BODY,
        .body_size = strlen(GOOD_BODY),
    };
}

static void publish(struct bus_message message)
{
    ck_assert(bus_publish(client, &message, NULL));
    bus_poll(client, 0);
}

/* Turns until a reply has come, or all is quiet where none is expected. */
static void turn_until_replied(int count)
{
    for (int i = 0; i < TURNS_MAX && replies.count < count; i++) {
        worker_turn(worker, 10, -1);
        bus_poll(client, 0);
    }
    ck_assert_int_eq(replies.count, count);
}

static void turn_until_idle(void)
{
    for (int i = 0; i < TURNS_MAX; i++) {
        turn();
        if (worker_is_idle(worker) && memory_broker_depth(broker, QUEUE) == 0) {
            return;
        }
    }
    ck_abort_msg("the worker is not idle");
}

START_TEST(answers_a_command_and_acks_it)
{
    publish(command());
    turn_until_replied(1);
    turn_until_idle();

    ck_assert_str_eq(replies.type, "posts.create.result");
    ck_assert_str_eq(replies.content_type, "application/json");
    ck_assert_str_eq(replies.correlation_id, "c1");
    ck_assert_ptr_nonnull(strstr(replies.body, "\"id\":7"));
    ck_assert_str_eq(executor.seen_title, "t");
    ck_assert_int_eq(executor.executed, 1);
}
END_TEST

START_TEST(answers_a_failure_as_a_problem)
{
    executor.answer = ERR_ACCESS_DENIED;

    publish(command());
    turn_until_replied(1);

    ck_assert_str_eq(replies.type, "problem");
    ck_assert_str_eq(replies.content_type, "application/problem+json");
    ck_assert_ptr_nonnull(strstr(replies.body, "access_denied"));
    ck_assert_int_eq(executor.buried, 0);
}
END_TEST

START_TEST(answers_what_it_cannot_read_without_executing_it)
{
    struct bus_message broken = command();
    broken.body = "{\"title\":";
    broken.body_size = strlen(broken.body);

    publish(broken);
    turn_until_replied(1);

    ck_assert_ptr_nonnull(strstr(replies.body, "invalid_input"));
    ck_assert_int_eq(executor.executed, 0);
}
END_TEST

START_TEST(says_what_is_wrong_with_envelope_and_body_at_once)
{
    struct bus_message broken = command();
    broken.message_id = "7";
    broken.body = "{}";
    broken.body_size = 2;

    publish(broken);
    turn_until_replied(1);

    ck_assert_ptr_nonnull(strstr(replies.body, "\"message_id\""));
    ck_assert_ptr_nonnull(strstr(replies.body, "\"title\""));
}
END_TEST

START_TEST(buries_what_failed_when_nobody_waits)
{
    struct bus_message message = command();
    message.reply_to = NULL;
    message.body = "[]";
    message.body_size = 2;

    publish(message);
    turn_until_idle();

    ck_assert_int_eq(executor.buried, 1);
    ck_assert_str_eq(executor.buried_code, "invalid_input");
}
END_TEST

START_TEST(buries_nothing_that_succeeded_unheard)
{
    struct bus_message message = command();
    message.reply_to = NULL;

    publish(message);
    turn_until_idle();

    ck_assert_int_eq(executor.executed, 1);
    ck_assert_int_eq(executor.buried, 0);
}
END_TEST

START_TEST(lives_on_after_a_reply_that_nobody_takes)
{
    struct bus_message message = command();
    message.reply_to = "no.such.queue";

    publish(message);
    publish(command());
    turn_until_replied(1);
    turn_until_idle();

    ck_assert_int_eq(executor.executed, 2);
}
END_TEST

START_TEST(tries_again_after_passing_trouble)
{
    executor.unavailable = 2;

    publish(command());
    turn_until_replied(1);

    ck_assert_int_eq(executor.executed, 3);
    ck_assert_str_eq(replies.type, "posts.create.result");
}
END_TEST

START_TEST(keeps_a_poisonous_message_as_a_dead_letter_and_says_so)
{
    executor.admission = ERR_INTERNAL;

    publish(command());
    turn_until_replied(1);
    turn_until_idle();

    ck_assert_ptr_nonnull(strstr(replies.body, "internal"));
    ck_assert_int_eq(executor.buried, 1);
    ck_assert_int_eq(executor.executed, 0);
}
END_TEST

START_TEST(publishes_what_the_handler_sent_and_forgets_it_once_confirmed)
{
    executor.sends_event = true;

    publish(command());
    turn_until_replied(1);
    worker_drain(worker);
    turn_until_idle();

    ck_assert_int_eq(executor.forgotten, 1);
}
END_TEST

START_TEST(handles_a_message_again_whose_connection_was_lost_before_the_ack)
{
    publish(command());
    memory_bus_disconnect(worker_buses[BUS_ROLE_CONSUME], false);
    turn_until_replied(1);
    turn_until_idle();

    ck_assert_int_ge(executor.executed, 1);
}
END_TEST

START_TEST(sends_a_reply_again_that_was_under_way_on_a_lost_connection)
{
    memory_bus_disconnect(worker_buses[BUS_ROLE_PUBLISH], true);
    publish(command());

    turn_until_replied(1);
    turn_until_idle();
}
END_TEST

START_TEST(takes_no_message_before_its_executor_is_ready)
{
    worker_free(worker);
    executor.is_ready = false;
    start_worker();
    publish(command());

    for (int i = 0; i < 3; i++) {
        worker_turn(worker, 0, -1);
    }
    ck_assert(!worker_is_serving(worker));
    ck_assert_int_eq(executor.executed, 0);
    executor.is_ready = true;
    turn_until_replied(1);
}
END_TEST

START_TEST(a_draining_worker_finishes_what_it_has_and_takes_no_more)
{
    publish(command());
    turn_until_replied(1);
    worker_drain(worker);
    turn_until_idle();

    publish(command());
    for (int i = 0; i < 10; i++) {
        turn();
    }

    ck_assert_int_eq(executor.executed, 1);
    ck_assert_int_eq(memory_broker_depth(broker, QUEUE), 1);
}
END_TEST

START_TEST(answers_many_in_a_row)
{
    for (int i = 0; i < 100; i++) {
        publish(command());
    }
    turn_until_replied(100);
    turn_until_idle();

    ck_assert_int_eq(executor.executed, 100);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, answers_a_command_and_acks_it);
    tcase_add_test(tests, answers_a_failure_as_a_problem);
    tcase_add_test(tests, answers_what_it_cannot_read_without_executing_it);
    tcase_add_test(tests, says_what_is_wrong_with_envelope_and_body_at_once);
    tcase_add_test(tests, buries_what_failed_when_nobody_waits);
    tcase_add_test(tests, buries_nothing_that_succeeded_unheard);
    tcase_add_test(tests, lives_on_after_a_reply_that_nobody_takes);
    tcase_add_test(tests, tries_again_after_passing_trouble);
    tcase_add_test(tests, keeps_a_poisonous_message_as_a_dead_letter_and_says_so);
    tcase_add_test(tests, publishes_what_the_handler_sent_and_forgets_it_once_confirmed);
    tcase_add_test(tests, handles_a_message_again_whose_connection_was_lost_before_the_ack);
    tcase_add_test(tests, sends_a_reply_again_that_was_under_way_on_a_lost_connection);
    tcase_add_test(tests, takes_no_message_before_its_executor_is_ready);
    tcase_add_test(tests, a_draining_worker_finishes_what_it_has_and_takes_no_more);
    tcase_add_test(tests, answers_many_in_a_row);
}
CHECK_MAIN("service.worker", add_tests)
