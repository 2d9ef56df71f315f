/* The topology as architecture and contract state it, made from the contracts. */

#include "common/bus/topology.h"

#include <stdlib.h>

#include "common/core/memory.h"
#include "common/contract/contract.h"
#include "common/core/attributes.h"

/* Times that the arguments of the rungs repeat. */
enum {
    WAIT_1_MS = 2000,
    WAIT_2_MS = 10000,
    WAIT_3_MS = 60000,
    WAIT_4_MS = 300000,
    WAIT_5_MS = 900000,
};

const struct retry_rung retry_rungs[RETRY_RUNGS] = {
    {"postroom.retry.1", "retry.1", WAIT_1_MS}, {"postroom.retry.2", "retry.2", WAIT_2_MS},
    {"postroom.retry.3", "retry.3", WAIT_3_MS}, {"postroom.retry.4", "retry.4", WAIT_4_MS},
    {"postroom.retry.5", "retry.5", WAIT_5_MS},
};

static const struct bus_exchange exchanges[] = {
    {EXCHANGE_COMMANDS, "direct", NULL},
    {EXCHANGE_QUERIES, "direct", NULL},
    {EXCHANGE_EVENTS, "topic", NULL},
    {EXCHANGE_DEAD, "fanout", NULL},
    {EXCHANGE_RETRIED, "direct", EXCHANGE_DEAD},
    {"postroom.retry.1", "fanout", NULL},
    {"postroom.retry.2", "fanout", NULL},
    {"postroom.retry.3", "fanout", NULL},
    {"postroom.retry.4", "fanout", NULL},
    {"postroom.retry.5", "fanout", NULL},
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
#define RETRY_ARGUMENTS_OF(wait_ms)                                                                \
    {                                                                                              \
        {"x-queue-type", "quorum", 0}, {"x-message-ttl", NULL, wait_ms},                           \
            {"x-dead-letter-exchange", EXCHANGE_RETRIED, 0},                                       \
            {"x-dead-letter-strategy", "at-least-once", 0}, {"x-max-length", NULL, 100000},        \
            {"x-overflow", "reject-publish", 0},                                                   \
    }
static const struct bus_argument retry_arguments[RETRY_RUNGS][RETRY_ARGUMENTS] = {
    RETRY_ARGUMENTS_OF(WAIT_1_MS), RETRY_ARGUMENTS_OF(WAIT_2_MS), RETRY_ARGUMENTS_OF(WAIT_3_MS),
    RETRY_ARGUMENTS_OF(WAIT_4_MS), RETRY_ARGUMENTS_OF(WAIT_5_MS),
};

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
