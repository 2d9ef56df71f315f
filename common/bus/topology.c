/* The topology as architecture and contract state it, made from the contracts. */

#include "common/bus/topology.h"

#include <stdlib.h>

#include "common/core/memory.h"
#include "common/contract/contract.h"
#include "common/core/attributes.h"

static const struct bus_exchange exchanges[] = {
    {EXCHANGE_COMMANDS, "direct"},
    {EXCHANGE_QUERIES, "direct"},
    {EXCHANGE_EVENTS, "topic"},
    {EXCHANGE_DEAD, "fanout"},
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

struct topology *topology_new(const struct contract *const *list, size_t count)
{
    struct topology *topology = memory_grow(NULL, sizeof(*topology));
    *topology = (struct topology){
        .exchanges = exchanges,
        .exchange_count = ARRAY_COUNT(exchanges),
        .queues = memory_grow(NULL, (count + 1) * sizeof(*topology->queues)),
    };
    topology->queues[topology->queue_count++] = (struct bus_queue){
        .name = QUEUE_DEAD_INTAKE,
        .arguments = dead_arguments,
        .argument_count = ARRAY_COUNT(dead_arguments),
        .exchange = EXCHANGE_DEAD,
        .routing_key = "",
    };
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
