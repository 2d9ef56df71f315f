/* postroom topology: declare what every process declares, and say what it is. */

#include <stdio.h>

#include "common/bus/amqp_bus.h"
#include "common/contract/contract.h"
#include "common/core/arena.h"
#include "common/core/clock.h"
#include "verb.h"

enum { GOODBYE_MS = 1000, POLL_MS = 1000 };

struct declaring {
    struct arena *arena;
    bool is_done;
    const char *trouble;
};

static void on_up(void *owner, struct bus *bus)
{
    (void)bus;
    struct declaring *self = owner;
    self->is_done = true;
}

static void on_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    (void)is_by_peer;
    struct declaring *self = owner;
    self->trouble = arena_strdup(self->arena, reason);
}

static const struct bus_events events = {.on_up = on_up, .on_down = on_down};

static void print_queue(const struct bus_queue *queue)
{
    (void)printf("queue %s durable", queue->name);
    for (size_t i = 0; i < queue->argument_count; i++) {
        const struct bus_argument *argument = &queue->arguments[i];
        if (argument->text != NULL) {
            (void)printf(" %s=%s", argument->name,
                         *argument->text == '\0' ? "\"\"" : argument->text);
            continue;
        }
        (void)printf(" %s=%lld", argument->name, argument->integer);
    }
    (void)printf("\nbinding %s %s \"%s\"\n", queue->exchange, queue->name, queue->routing_key);
    if (queue->is_retried) {
        (void)printf("binding %s %s \"%s\"\n", EXCHANGE_RETRIED, queue->name, queue->name);
    }
}

static void print(const struct topology *topology)
{
    for (size_t i = 0; i < topology->exchange_count; i++) {
        const struct bus_exchange *exchange = &topology->exchanges[i];
        (void)printf("exchange %s %s durable%s%s\n", exchange->name, exchange->kind,
                     exchange->alternate == NULL ? "" : " alternate-exchange=",
                     exchange->alternate == NULL ? "" : exchange->alternate);
    }
    for (size_t i = 0; i < topology->queue_count; i++) {
        print_queue(&topology->queues[i]);
    }
}

static int declare(const struct topology *topology)
{
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_BROKER);
    const struct amqp_bus_options options = {
        .url = settings.amqp_url,
        .connection_name = "postroom topology",
        .topology = topology,
        .heartbeat_seconds = (unsigned)settings.heartbeat_seconds,
    };
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct declaring self = {.arena = arena};
    struct bus *bus = amqp_bus_new(&options, &events, &self);
    int64_t end_ms = clock_monotonic_ms() + settings.reply_timeout_ms;
    while (!self.is_done && self.trouble == NULL && clock_monotonic_ms() < end_ms) {
        bus_poll(bus, POLL_MS);
    }
    bus_close(bus, GOODBYE_MS);
    bus_free(bus);
    return self.is_done ? EXIT_DONE
                        : cli_fail(EXIT_UNREACHABLE, "cannot declare the topology: %s",
                                   self.trouble == NULL ? "no answer in time" : self.trouble);
}

static int print_help(FILE *stream, int status)
{
    (void)fputs("usage: postroom topology\n\n"
                "Declares the exchanges and queues as every process does at its start, and\n"
                "prints them, one line each.\n",
                stream);
    return status;
}

int topology_run(int count, char **arguments)
{
    if (cli_wants_help(count, arguments)) {
        return print_help(stdout, EXIT_DONE);
    }
    if (count > 1) {
        return print_help(stderr, EXIT_USAGE);
    }
    struct topology *topology = topology_new(contracts, contract_count);
    int status = declare(topology);
    if (status == EXIT_DONE) {
        print(topology);
    }
    topology_free(topology);
    return status;
}
