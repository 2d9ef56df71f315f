/* The world of the worker's tests. */

#include "tests/common/service/worker_world.h"

#include <stdio.h>
#include <string.h>

#include "common/core/log.h"
#include "common/core/outgoing.h"
#include "common/service/envelope.h"
#include "contracts/posts_create.h"
#include "contracts/posts_created.h"
#include "contracts/posts_list.h"
#include "tests/support/check_main.h"

#define GOOD_BODY "{\"title\":\"t\",\"content\":\"c\",\"status\":\"draft\"}"
enum { TURNS_MAX = 2000, A_FEW_TURNS = 20 };

struct world world;
static struct handler create = {.contract = &posts_create_contract};
static struct handler list = {.contract = &posts_list_contract};

static enum err admit(struct executor *self, const struct work *work, struct ctx *ctx)
{
    (void)self;
    (void)work;
    world.executor.admitted++;
    return world.executor.admission == OK ? OK
                                          : ctx_fail(ctx, world.executor.admission, "not admitted");
}

static bool is_turn_held(void)
{
    bool is_held = atomic_flag_test_and_set(&world.questionable);
    if (!is_held) {
        atomic_flag_clear(&world.questionable);
    }
    return is_held;
}

static const char *title_of(const struct work *work)
{
    const struct posts_create_command *command = work->input;
    return work->handler == &create ? command->title : "";
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
    world.executor.executed++;
    world.executor.is_turn_held = is_turn_held();
    world.executor.seen_retries = work->envelope->retries;
    (void)snprintf(world.executor.seen_title, sizeof(world.executor.seen_title), "%s",
                   title_of(work));
    if (world.executor.on_execute != NULL) {
        world.executor.on_execute();
    }
    if (world.executor.hopeless_title != NULL &&
        strcmp(world.executor.hopeless_title, title_of(work)) == 0) {
        ctx->is_fate_unknown = world.executor.is_fate_unknown;
        return ERR_UNAVAILABLE;
    }
    if (world.executor.unavailable > 0) {
        world.executor.unavailable--;
        return ERR_UNAVAILABLE;
    }
    if (world.executor.sends_event) {
        posts_created_publish(ctx, &(struct posts_created_event){.post = result.post});
    }
    reply_make(ctx, world.executor.answer, &result, ret);
    return OK;
}

static void leave(struct executor *self, const struct work *work, enum err err)
{
    (void)self;
    (void)work;
    world.executor.left += err == OK ? 1 : 0;
}

static enum err bury(struct executor *self, const struct work *work, struct ctx *ctx)
{
    (void)self;
    (void)work;
    if (world.executor.unburied > 0) {
        world.executor.unburied--;
        return ERR_UNAVAILABLE;
    }
    world.executor.buried++;
    (void)snprintf(world.executor.buried_code, sizeof(world.executor.buried_code), "%s",
                   err_info(ctx->problem.err)->code);
    return OK;
}

static enum err forget_outgoing(struct executor *self, const char *const *ids, size_t count)
{
    (void)self;
    (void)ids;
    world.executor.forgotten += (int)count;
    return OK;
}

static enum err ready(struct executor *self)
{
    (void)self;
    return world.executor.is_ready ? OK : ERR_UNAVAILABLE;
}

static struct bus *make_bus(void *owner, enum bus_role role, const struct bus_events *events,
                            void *bus_owner)
{
    (void)owner;
    world.worker_buses[role] = memory_bus_new(world.broker, world.topology, events, bus_owner);
    return world.worker_buses[role];
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
    world.replies.count++;
    copy_to(world.replies.type, sizeof(world.replies.type), message->type);
    copy_to(world.replies.content_type, sizeof(world.replies.content_type), message->content_type);
    copy_to(world.replies.correlation_id, sizeof(world.replies.correlation_id),
            message->correlation_id);
    (void)snprintf(world.replies.body, sizeof(world.replies.body), "%.*s", (int)message->body_size,
                   (const char *)message->body);
}

void world_start_worker(void)
{
    static const struct handler *const handlers[] = {&create, &list};
    if (world.metrics == NULL) {
        world.metrics = metrics_new(handlers, ARRAY_COUNT(handlers));
    }
    const struct worker_options options = {
        .handlers = handlers,
        .handler_count = ARRAY_COUNT(handlers),
        .executor = &world.executor.base,
        .prefetch = WORLD_PREFETCH,
        .retry_wait_ms = world.retry_wait_ms,
        .questionable = &world.questionable,
        .metrics = world.metrics,
        .make_bus = make_bus,
    };
    world.worker = worker_new(&options);
}

void world_turn(void)
{
    worker_turn(world.worker, 0, -1);
    bus_poll(world.client, 0);
}

static void serve(void)
{
    for (int i = 0; i < TURNS_MAX && !(worker_is_serving(world.worker) && bus_is_up(world.client));
         i++) {
        world_turn();
    }
    ck_assert(worker_is_serving(world.worker));
}

void world_restart_worker(int64_t retry_wait_ms)
{
    worker_free(world.worker);
    world.retry_wait_ms = retry_wait_ms;
    world_start_worker();
    serve();
}

void world_setup(void)
{
    static const struct executor_ops ops = {admit, execute, leave, bury, forget_outgoing, ready};
    static const struct bus_events client_events = {.on_delivery = on_reply};
    log_configure("test", LOG_FORMAT_TEXT, LOG_ERROR);
    memset(&world.executor, 0, sizeof(world.executor));
    memset(&world.replies, 0, sizeof(world.replies));
    world.executor.base.ops = &ops;
    world.executor.is_ready = true;
    world.retry_wait_ms = WORLD_RETRY_WAIT_MS;
    atomic_flag_clear(&world.questionable);
    world.broker = memory_broker_new();
    world.topology = topology_new(contracts, contract_count);
    world.client = memory_bus_new(world.broker, world.topology, &client_events, NULL);
    bus_add_reply_queue(world.client, 100);
    world_start_worker();
    serve();
}

void world_teardown(void)
{
    worker_free(world.worker);
    metrics_free(world.metrics);
    bus_free(world.client);
    memory_broker_free(world.broker);
    topology_free(world.topology);
}

struct bus_message world_command(void)
{
    return (struct bus_message){
        .exchange = EXCHANGE_COMMANDS,
        .routing_key = "posts.create",
        .message_id = "0190a7f0-0000-7000-8000-000000000001",
        .correlation_id = "c1",
        .reply_to = bus_reply_queue(world.client),
        .body = GOOD_BODY,
        .body_size = strlen(GOOD_BODY),
    };
}

void world_publish(struct bus_message message)
{
    ck_assert(bus_publish(world.client, &message, NULL));
    bus_poll(world.client, 0);
}

void world_publish_redelivered(struct bus_message message)
{
    static const struct bus_events nothing = {.on_delivery = NULL};
    world_publish(message);
    struct bus *loser = memory_bus_new(world.broker, NULL, &nothing, NULL);
    bool is_query = strcmp(message.exchange, EXCHANGE_QUERIES) == 0;
    const char *queue = is_query ? WORLD_QUERY_QUEUE : WORLD_QUEUE;
    bus_add_consumer(loser, queue, 0);
    bus_poll(loser, 0);
    ck_assert_int_eq(memory_broker_depth(world.broker, queue), 0);
    bus_free(loser);
}

long world_waiting(int rung)
{
    return memory_broker_depth(world.broker, retry_rungs[rung - 1].queue);
}

/* Turns until a reply has come, or all is quiet where none is expected. */
void world_turn_until_replied(int count)
{
    for (int i = 0; i < TURNS_MAX && world.replies.count < count; i++) {
        worker_turn(world.worker, 10, -1);
        bus_poll(world.client, 0);
    }
    ck_assert_int_eq(world.replies.count, count);
}

void world_turn_until_idle(void)
{
    for (int i = 0; i < TURNS_MAX; i++) {
        world_turn();
        if (worker_is_idle(world.worker) && memory_broker_depth(world.broker, WORLD_QUEUE) == 0) {
            return;
        }
    }
    ck_abort_msg("the world.worker is not idle");
}

void world_turn_a_little(void)
{
    for (int i = 0; i < A_FEW_TURNS; i++) {
        world_turn();
    }
}

struct bus_message world_hopeless_after(int64_t retries)
{
    static const char body[] = "{\"title\":\"hopeless\",\"content\":\"c\",\"status\":\"draft\"}";
    static struct bus_header header = {.name = HEADER_RETRIES, .kind = BUS_INTEGER};
    struct bus_message message = world_command();
    world.executor.hopeless_title = "hopeless";
    header.integer = retries;
    message.headers = &header;
    message.header_count = 1;
    message.body = body;
    message.body_size = strlen(body);
    return message;
}

struct bus_message world_hopeless_query(void)
{
    world.executor.hopeless_title = "";
    return (struct bus_message){
        .exchange = EXCHANGE_QUERIES,
        .routing_key = "posts.list",
        .correlation_id = "c1",
        .reply_to = bus_reply_queue(world.client),
        .body = "{}",
        .body_size = 2,
    };
}

void world_lose_the_database(void)
{
    world.executor.is_ready = false;
}
