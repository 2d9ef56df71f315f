/* Exchanges, queues and bindings within the process. */

#include "common/bus/memory_broker.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

struct memory_broker *memory_broker_new(void)
{
    struct memory_broker *broker = memory_grow(NULL, sizeof(*broker));
    *broker = (struct memory_broker){0};
    return broker;
}

void memory_broker_free(struct memory_broker *broker)
{
    while (broker->queues != NULL) {
        memory_queue_delete(broker, broker->queues);
    }
    while (broker->exchanges != NULL) {
        struct memory_exchange *exchange = broker->exchanges;
        broker->exchanges = exchange->next;
        free(exchange);
    }
    free(broker);
}

void memory_broker_set_blocked(struct memory_broker *broker, bool is_blocked)
{
    broker->is_blocked = is_blocked;
}

struct memory_queue *memory_queue_find(const struct memory_broker *broker, const char *name)
{
    struct memory_queue *queue = broker->queues;
    while (queue != NULL && strcmp(queue->name, name) != 0) {
        queue = queue->next;
    }
    return queue;
}

long memory_broker_depth(const struct memory_broker *broker, const char *queue)
{
    const struct memory_queue *found = memory_queue_find(broker, queue);
    return found == NULL ? -1 : (long)found->size;
}

static const struct bus_argument *argument_find(const struct bus_argument *arguments, size_t count,
                                                const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(arguments[i].name, name) == 0) {
            return &arguments[i];
        }
    }
    return NULL;
}

static bool are_arguments_equal(const struct memory_queue *queue,
                                const struct bus_argument *arguments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct bus_argument *there =
            argument_find(queue->arguments, queue->argument_count, arguments[i].name);
        if (there == NULL || (there->text == NULL) != (arguments[i].text == NULL)) {
            return false;
        }
        bool is_equal = there->text == NULL ? there->integer == arguments[i].integer
                                            : strcmp(there->text, arguments[i].text) == 0;
        if (!is_equal) {
            return false;
        }
    }
    return count == queue->argument_count;
}

static int64_t integer_argument(const struct memory_queue *queue, const char *name)
{
    const struct bus_argument *found = argument_find(queue->arguments, queue->argument_count, name);
    return found == NULL ? -1 : found->integer;
}

static const char *text_argument(const struct memory_queue *queue, const char *name)
{
    const struct bus_argument *found = argument_find(queue->arguments, queue->argument_count, name);
    return found == NULL ? NULL : found->text;
}

struct memory_queue *memory_queue_declare(struct memory_broker *broker, const char *name,
                                          const struct bus_argument *arguments, size_t count)
{
    struct memory_queue *queue = memory_queue_find(broker, name);
    if (queue != NULL) {
        return are_arguments_equal(queue, arguments, count) ? queue : NULL;
    }
    size_t name_size = strlen(name) + 1;
    queue = memory_grow(NULL, sizeof(*queue));
    *queue = (struct memory_queue){
        .next = broker->queues,
        .name = memcpy(memory_grow(NULL, name_size), name, name_size),
        .arguments = arguments,
        .argument_count = count,
    };
    queue->dead_letter_exchange = text_argument(queue, "x-dead-letter-exchange");
    queue->max_length = integer_argument(queue, "x-max-length");
    queue->delivery_limit = integer_argument(queue, "x-delivery-limit");
    queue->wait_max_ms = integer_argument(queue, "x-message-ttl");
    const char *type = text_argument(queue, "x-queue-type");
    queue->is_quorum = type != NULL && strcmp(type, "quorum") == 0;
    queue->end = &queue->first;
    broker->queues = queue;
    return queue;
}

static void unbind_queue(struct memory_broker *broker, const struct memory_queue *queue)
{
    struct memory_binding **place = &broker->bindings;
    while (*place != NULL) {
        struct memory_binding *binding = *place;
        if (binding->queue == queue) {
            *place = binding->next;
            free(binding);
        } else {
            place = &binding->next;
        }
    }
}

void memory_queue_delete(struct memory_broker *broker, struct memory_queue *queue)
{
    unbind_queue(broker, queue);
    struct memory_queue **place = &broker->queues;
    while (*place != queue) {
        place = &(*place)->next;
    }
    *place = queue->next;
    while (queue->first != NULL) {
        struct memory_message *message = queue->first;
        queue->first = message->next;
        free(message);
    }
    free(queue->name);
    free(queue);
}

void memory_broker_bind(struct memory_broker *broker, struct memory_queue *queue,
                        const char *exchange, const char *routing_key)
{
    for (const struct memory_binding *b = broker->bindings; b != NULL; b = b->next) {
        if (b->queue == queue && strcmp(b->exchange, exchange) == 0 &&
            strcmp(b->routing_key, routing_key) == 0) {
            return;
        }
    }
    struct memory_binding *binding = memory_grow(NULL, sizeof(*binding));
    *binding = (struct memory_binding){broker->bindings, exchange, routing_key, queue};
    broker->bindings = binding;
}

const struct memory_exchange *memory_exchange_find(const struct memory_broker *broker,
                                                   const char *name)
{
    const struct memory_exchange *exchange = broker->exchanges;
    while (exchange != NULL && strcmp(exchange->name, name) != 0) {
        exchange = exchange->next;
    }
    return exchange;
}

static bool declare_exchange(struct memory_broker *broker, const struct bus_exchange *declared)
{
    const struct memory_exchange *there = memory_exchange_find(broker, declared->name);
    if (there != NULL) {
        return strcmp(there->kind, declared->kind) == 0;
    }
    struct memory_exchange *exchange = memory_grow(NULL, sizeof(*exchange));
    *exchange = (struct memory_exchange){broker->exchanges, declared->name, declared->kind,
                                         declared->alternate};
    broker->exchanges = exchange;
    return true;
}

bool memory_broker_declare(struct memory_broker *broker, const struct topology *topology)
{
    for (size_t i = 0; i < topology->exchange_count; i++) {
        if (!declare_exchange(broker, &topology->exchanges[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < topology->queue_count; i++) {
        const struct bus_queue *declared = &topology->queues[i];
        struct memory_queue *queue = memory_queue_declare(
            broker, declared->name, declared->arguments, declared->argument_count);
        if (queue == NULL) {
            return false;
        }
        if (declared->exchange != NULL) {
            memory_broker_bind(broker, queue, declared->exchange, declared->routing_key);
        }
        if (declared->is_retried) {
            memory_broker_bind(broker, queue, EXCHANGE_RETRIED, declared->name);
        }
    }
    return true;
}
