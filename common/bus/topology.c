/* The topology as architecture and contract state it, made from the contracts. */

#include "common/bus/topology.h"

#include <stdlib.h>

#include "common/core/memory.h"
#include "common/contract/contract.h"
#include "common/core/attributes.h"

/* The rungs of the ladder: their numbers, and how long may be waited on them, in ms. */
#define RUNGS(each)                                                                                \
    each("1", 2000), each("2", 10000), each("3", 60000), each("4", 300000), each("5", 900000)

#define RUNG_OF(number, wait_ms)                                                                   \
    {                                                                                              \
        "postroom.retry." number, "retry." number, wait_ms                                         \
    }
const struct retry_rung retry_rungs[RETRY_RUNGS] = {RUNGS(RUNG_OF)};

#define EXCHANGE_OF(number, wait_ms)                                                               \
    {                                                                                              \
        "postroom.retry." number, "fanout", NULL                                                   \
    }

static const struct bus_exchange exchanges[] = {
    {EXCHANGE_COMMANDS, "direct", NULL},
    {EXCHANGE_QUERIES, "direct", NULL},
    {EXCHANGE_EVENTS, "topic", NULL},
    {EXCHANGE_DEAD, "fanout", NULL},
    {EXCHANGE_RETRIED, "direct", EXCHANGE_DEAD},
    {EXCHANGE_REPORTS, "fanout", NULL},
    RUNGS(EXCHANGE_OF),
};

static const struct bus_argument command_arguments[] = {
    {"x-queue-type", "quorum", 0},
    {"x-delivery-limit", NULL, 20},
    {"x-dead-letter-exchange", EXCHANGE_DEAD, 0},
    {"x-dead-letter-strategy", "at-least-once", 0},
    {"x-max-length", NULL, 100000},
    {"x-overflow", "reject-publish", 0},
};

static const struct bus_argument query_arguments[] = {
    {"x-max-length", NULL, 10000},
    {"x-overflow", "reject-publish", 0},
};

static const struct bus_argument dead_arguments[] = {
    {"x-queue-type", "quorum", 0},
};

/* What has waited goes back by its routing key: the queue it came from. */
enum { RETRY_ARGUMENTS = 6 };
#define ARGUMENTS_OF(number, wait_ms)                                                              \
    {                                                                                              \
        {"x-queue-type", "quorum", 0}, {"x-message-ttl", NULL, wait_ms},                           \
            {"x-dead-letter-exchange", EXCHANGE_RETRIED, 0},                                       \
            {"x-dead-letter-strategy", "at-least-once", 0}, {"x-max-length", NULL, 100000},        \
            {"x-overflow", "reject-publish", 0},                                                   \
    }
static const struct bus_argument retry_arguments[RETRY_RUNGS][RETRY_ARGUMENTS] = {
    RUNGS(ARGUMENTS_OF)};

static void add_ladder(struct topology *topology)
{
    for (size_t i = 0; i < RETRY_RUNGS; i++) {
        topology->queues[topology->queue_count++] = (struct bus_queue){
            .name = retry_rungs[i].queue,
            .arguments = retry_arguments[i],
            .argument_count = RETRY_ARGUMENTS,
            .exchange = retry_rungs[i].exchange,
            .routing_key = "",
        };
    }
}

struct topology *topology_new(const struct contract *const *list, size_t count)
{
    struct topology *topology = memory_grow(NULL, sizeof(*topology));
    *topology = (struct topology){
        .exchanges = exchanges,
        .exchange_count = ARRAY_COUNT(exchanges),
        .queues = memory_grow(NULL, (count + 1 + RETRY_RUNGS) * sizeof(*topology->queues)),
    };
    topology->queues[topology->queue_count++] = (struct bus_queue){
        .name = QUEUE_DEAD_INTAKE,
        .arguments = dead_arguments,
        .argument_count = ARRAY_COUNT(dead_arguments),
        .exchange = EXCHANGE_DEAD,
        .routing_key = "",
    };
    add_ladder(topology);
    for (size_t i = 0; i < count; i++) {
        const struct contract *contract = list[i];
        if (contract->kind == MESSAGE_EVENT) {
            continue;
        }
        bool is_command = contract->kind == MESSAGE_COMMAND;
        topology->queues[topology->queue_count++] = (struct bus_queue){
            .name = contract->queue,
            .arguments = is_command ? command_arguments : query_arguments,
            .argument_count =
                is_command ? ARRAY_COUNT(command_arguments) : ARRAY_COUNT(query_arguments),
            .exchange = contract->exchange,
            .routing_key = contract->name,
            .is_retried = is_command,
        };
    }
    return topology;
}

void topology_free(struct topology *topology)
{
    if (topology != NULL) {
        free(topology->queues);
        free(topology);
    }
}
