/*
 * The broker alone, measured through our own bus: what is left of a request when everything of
 * Postroom's is taken away.
 *
 *     broker_bench echo OUTSTANDING SECONDS      request and reply, an echo in a second thread
 *     broker_bench confirm OUTSTANDING SECONDS   persistent messages into a quorum queue, confirmed
 *
 * AMQP_URL names the broker. Prints "<per second> <median in us>".
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/amqp_bus.h"
#include "common/contract/contract.h"
#include "common/core/clock.h"
#include "common/core/log.h"

#define ECHO_QUEUE "query.posts.retrieve"
#define STORE_KEY "posts.create"
enum { SAMPLES_MAX = 1000000, BODY_SIZE = 200 };

struct bench {
    struct bus *bus;
    bool is_echo;
    int64_t outstanding;
    uint64_t sequence;
    int64_t done;
    int64_t *sent_us; /* by sequence or number, a ring */
    int32_t *took_us;
};

static atomic_bool is_over;
static char body[BODY_SIZE];

static struct bus *connect(const struct topology *topology, const struct bus_events *events,
                           void *owner, bool has_confirms)
{
    const struct amqp_bus_options options = {
        .url = getenv("AMQP_URL"),
        .connection_name = "bench",
        .topology = topology,
        .heartbeat_seconds = 30,
        .has_confirms = has_confirms,
    };
    return amqp_bus_new(&options, events, owner);
}

static void note(struct bench *bench, uint64_t number)
{
    int64_t took = clock_monotonic_us() - bench->sent_us[number % SAMPLES_MAX];
    bench->took_us[bench->done % SAMPLES_MAX] = (int32_t)took;
    bench->done++;
    bench->outstanding--;
}

static void on_reply(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)bus;
    note(owner, strtoull(delivery->message.correlation_id, NULL, 10));
}

static void on_confirmed(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    struct bench *bench = owner;
    if (!bench->is_echo) {
        note(bench, sequence);
    }
}

static void publish(struct bench *bench)
{
    char number[24];
    (void)snprintf(number, sizeof(number), "%llu", (unsigned long long)bench->sequence);
    const struct bus_message message = {
        .exchange = bench->is_echo ? EXCHANGE_QUERIES : EXCHANGE_COMMANDS,
        .routing_key = bench->is_echo ? "posts.retrieve" : STORE_KEY,
        .correlation_id = number,
        .reply_to = bench->is_echo ? bus_reply_queue(bench->bus) : NULL,
        .content_type = "application/json",
        .body = body,
        .body_size = sizeof(body),
        .is_persistent = !bench->is_echo,
    };
    uint64_t sequence;
    int64_t now_us = clock_monotonic_us();
    if (bus_publish(bench->bus, &message, &sequence)) {
        bench->sent_us[(bench->is_echo ? bench->sequence : sequence) % SAMPLES_MAX] = now_us;
        bench->sequence++;
        bench->outstanding++;
    }
}

static void on_request(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)owner;
    const struct bus_message reply = {
        .exchange = "",
        .routing_key = delivery->message.reply_to,
        .correlation_id = delivery->message.correlation_id,
        .body = body,
        .body_size = sizeof(body),
    };
    if (bus_publish(bus, &reply, NULL)) {
        bus_ack(bus, delivery->tag, false);
    }
}

static void *run_echo(void *topology)
{
    static const struct bus_events events = {.on_delivery = on_request};
    struct bus *bus = connect(topology, &events, NULL, false);
    bus_add_consumer(bus, ECHO_QUEUE, 100);
    while (!atomic_load(&is_over)) {
        bus_poll(bus, 100);
    }
    bus_close(bus, 500);
    bus_free(bus);
    return NULL;
}

static int compare(const void *first, const void *second)
{
    return *(const int32_t *)first - *(const int32_t *)second;
}

static void measure(struct bench *bench, int64_t outstanding, int64_t seconds)
{
    while (!bus_is_up(bench->bus)) {
        bus_poll(bench->bus, 100);
    }
    int64_t begun_us = clock_monotonic_us();
    int64_t end_us = begun_us + seconds * 1000000;
    while (clock_monotonic_us() < end_us) {
        while (bench->outstanding < outstanding) {
            publish(bench);
        }
        bus_poll(bench->bus, 100);
    }
    double took_s = (double)(clock_monotonic_us() - begun_us) / 1e6;
    size_t samples = (size_t)(bench->done < SAMPLES_MAX ? bench->done : SAMPLES_MAX);
    qsort(bench->took_us, samples, sizeof(bench->took_us[0]), compare);
    printf("%.0f %d\n", (double)bench->done / took_s,
           samples == 0 ? 0 : bench->took_us[samples / 2]);
}

int main(int argc, char **argv)
{
    static const struct bus_events events = {.on_delivery = on_reply, .on_confirmed = on_confirmed};
    if (argc != 4 || getenv("AMQP_URL") == NULL) {
        (void)fputs("usage: broker_bench echo|confirm OUTSTANDING SECONDS\n", stderr);
        return 64;
    }
    log_configure("bench", LOG_FORMAT_TEXT, LOG_ERROR);
    memset(body, 'x', sizeof(body));
    struct topology *topology = topology_new(contracts, contract_count);
    struct bench bench = {
        .is_echo = strcmp(argv[1], "echo") == 0,
        .sent_us = calloc(SAMPLES_MAX, sizeof(int64_t)),
        .took_us = calloc(SAMPLES_MAX, sizeof(int32_t)),
    };
    bench.bus = connect(topology, &events, &bench, true);
    pthread_t echo;
    if (bench.is_echo) {
        bus_add_reply_queue(bench.bus, 1000);
        (void)pthread_create(&echo, NULL, run_echo, topology);
    }
    measure(&bench, strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10));
    atomic_store(&is_over, true);
    if (bench.is_echo) {
        pthread_join(echo, NULL);
    }
    bus_close(bench.bus, 500);
    bus_free(bench.bus);
    topology_free(topology);
    free(bench.sent_us);
    free(bench.took_us);
    return 0;
}
