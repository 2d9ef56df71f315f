/* The topology into declarations. */

#include "common/bus/amqp_internal.h"

enum { ARGUMENTS_MAX = 16 };

static void declare_exchange(struct amqp_bus *bus, const struct bus_exchange *exchange)
{
    amqp_table_entry_t alternate = {.key = amqp_cstring_bytes("alternate-exchange")};
    amqp_exchange_declare_t method = {
        .exchange = amqp_cstring_bytes(exchange->name),
        .type = amqp_cstring_bytes(exchange->kind),
        .durable = 1,
    };
    if (exchange->alternate != NULL) {
        alternate.value.kind = AMQP_FIELD_KIND_UTF8;
        alternate.value.value.bytes = amqp_cstring_bytes(exchange->alternate);
        method.arguments = (amqp_table_t){.num_entries = 1, .entries = &alternate};
    }
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_EXCHANGE_DECLARE_METHOD, &method);
}

/*
 * Integers go as 32-bit `I`, as pika and most clients send small ones. RabbitMQ compares arguments
 * of a queue that is there already: for x-max-length and the like it takes equal values of any
 * integer kind for equal.
 */
static amqp_table_entry_t argument_entry(const struct bus_argument *argument)
{
    amqp_table_entry_t entry = {.key = amqp_cstring_bytes(argument->name)};
    if (argument->text != NULL) {
        entry.value.kind = AMQP_FIELD_KIND_UTF8;
        entry.value.value.bytes = amqp_cstring_bytes(argument->text);
        return entry;
    }
    entry.value.kind = AMQP_FIELD_KIND_I32;
    entry.value.value.i32 = (int32_t)argument->integer;
    return entry;
}

static void declare_queue(struct amqp_bus *bus, const struct bus_queue *queue)
{
    amqp_table_entry_t entries[ARGUMENTS_MAX];
    size_t count = queue->argument_count < ARGUMENTS_MAX ? queue->argument_count : ARGUMENTS_MAX;
    for (size_t i = 0; i < count; i++) {
        entries[i] = argument_entry(&queue->arguments[i]);
    }
    amqp_queue_declare_t method = {
        .queue = amqp_cstring_bytes(queue->name),
        .durable = 1,
        .arguments = {.num_entries = (int)count, .entries = entries},
    };
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_QUEUE_DECLARE_METHOD, &method);
}

static void bind_queue(struct amqp_bus *bus, const char *queue, const char *exchange,
                       const char *routing_key)
{
    amqp_queue_bind_t method = {
        .queue = amqp_cstring_bytes(queue),
        .exchange = amqp_cstring_bytes(exchange),
        .routing_key = amqp_cstring_bytes(routing_key),
    };
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_QUEUE_BIND_METHOD, &method);
}

size_t amqp_topology_declare(struct amqp_bus *bus)
{
    const struct topology *topology = bus->options.topology;
    if (topology == NULL) {
        return 0;
    }
    size_t answers = topology->exchange_count + topology->queue_count;
    for (size_t i = 0; i < topology->exchange_count; i++) {
        declare_exchange(bus, &topology->exchanges[i]);
    }
    for (size_t i = 0; i < topology->queue_count; i++) {
        const struct bus_queue *queue = &topology->queues[i];
        declare_queue(bus, queue);
        if (queue->exchange != NULL) {
            bind_queue(bus, queue->name, queue->exchange, queue->routing_key);
            answers++;
        }
        if (queue->is_retried) {
            bind_queue(bus, queue->name, EXCHANGE_RETRIED, queue->name);
            answers++;
        }
    }
    return answers;
}
