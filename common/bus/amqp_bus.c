/* The AMQP bus as its owner sees it. */

#include "common/bus/amqp_bus.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "common/bus/amqp_internal.h"
#include "common/core/memory.h"
#include "common/core/clock.h"

enum { CONNECT_TIMEOUT_MS = 5000, POOL_PAGE = 4096 };

static struct amqp_bus *of(struct bus *self)
{
    return (struct amqp_bus *)self;
}

static const struct amqp_bus *of_const(const struct bus *self)
{
    return (const struct amqp_bus *)self;
}

static bool bus_do_publish(struct bus *self, const struct bus_message *message,
                           uint64_t *ret_sequence)
{
    return amqp_publish(of(self), message, ret_sequence);
}

static void bus_do_add_consumer(struct bus *self, const char *queue, unsigned prefetch)
{
    struct amqp_bus *bus = of(self);
    size_t index = bus->consumer_count++;
    bus->consumers = memory_grow(bus->consumers, bus->consumer_count * sizeof(*bus->consumers));
    bus->consumers[index] = (struct amqp_consumer){.queue = queue, .prefetch = prefetch};
    if (bus->state == AMQP_UP) {
        amqp_channel_add_consumer(bus, index);
    }
}

static void bus_do_add_reply_queue(struct bus *self, unsigned prefetch)
{
    struct amqp_bus *bus = of(self);
    (void)prefetch; /* without acks the broker knows none */
    if (!bus->has_reply_queue && bus->state == AMQP_UP) {
        amqp_channel_declare_reply_queue(bus);
    }
    bus->has_reply_queue = true;
}

static void bus_do_bind_reply_queue(struct bus *self, const char *exchange)
{
    struct amqp_bus *bus = of(self);
    bus->reply_exchange = exchange;
    if (bus->reply_queue[0] != '\0') {
        amqp_channel_bind_reply_queue(bus);
    }
}

static const char *bus_do_reply_queue(struct bus *self)
{
    const struct amqp_bus *bus = of(self);
    return bus->state == AMQP_UP && bus->reply_queue[0] != '\0' ? bus->reply_queue : NULL;
}

static void bus_do_cancel_consumers(struct bus *self)
{
    amqp_channel_cancel_consumers(of(self));
}

/* Tags of earlier connections name nothing any more; 0 needs no ack (and would mean all to the
 * broker). */
static bool is_live_tag(const struct amqp_bus *bus, uint64_t tag)
{
    return bus->state == AMQP_UP && tag > bus->tag_base && tag <= bus->tag;
}

static void bus_do_ack(struct bus *self, uint64_t tag, bool is_multiple)
{
    struct amqp_bus *bus = of(self);
    if (is_live_tag(bus, tag)) {
        amqp_basic_ack_t ack = {.delivery_tag = tag - bus->tag_base, .multiple = is_multiple};
        amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_ACK_METHOD, &ack);
    }
}

static void reject(struct bus *self, uint64_t tag, amqp_boolean_t requeue)
{
    struct amqp_bus *bus = of(self);
    if (is_live_tag(bus, tag)) {
        amqp_basic_reject_t method = {.delivery_tag = tag - bus->tag_base, .requeue = requeue};
        amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_REJECT_METHOD, &method);
    }
}

static void bus_do_requeue(struct bus *self, uint64_t tag)
{
    reject(self, tag, 1);
}

static void bus_do_dead_letter(struct bus *self, uint64_t tag)
{
    reject(self, tag, 0);
}

static void bus_do_count_consumers(struct bus *self, const char *queue)
{
    amqp_counts_ask(of(self), queue);
}

static void bus_do_flush(struct bus *self)
{
    if (amqp_is_connected(of(self))) {
        amqp_io_write(of(self));
    }
}

static void bus_do_process(struct bus *self)
{
    struct amqp_bus *bus = of(self);
    amqp_connection_advance(bus);
    if (amqp_is_connected(bus)) {
        amqp_io_read(bus);
    }
    if (amqp_is_connected(bus)) {
        amqp_io_write(bus);
        amqp_io_keep_alive(bus);
        bus_do_flush(self); /* the heartbeat */
    }
}

static int bus_do_fd(struct bus *self)
{
    const struct amqp_bus *bus = of(self);
    return bus->state == AMQP_RESOLVING ? amqp_resolver_fd(bus->resolver) : bus->fd;
}

static short bus_do_wanted_events(struct bus *self)
{
    const struct amqp_bus *bus = of(self);
    bool is_output_waiting = bus->state == AMQP_CONNECTING || bus_buffer_size(&bus->output) > 0;
    return (short)(POLLIN | (is_output_waiting ? POLLOUT : 0));
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_deadline_ms(const struct amqp_bus *bus)
{
    switch (bus->state) {
    case AMQP_WAITING:
        return bus->retry_ms;
    case AMQP_RESOLVING:
        return bus->deadline_ms;
    case AMQP_CONNECTING:
        return bus->address_deadline_ms;
    case AMQP_CLOSED:
        return INT64_MAX;
    case AMQP_AWAIT_START:
    case AMQP_AWAIT_TUNE:
    case AMQP_AWAIT_OPEN:
    case AMQP_SETTING_UP:
    case AMQP_UP:
        break;
    }
    int64_t deadline_ms = bus->state == AMQP_UP ? INT64_MAX : bus->deadline_ms;
    if (bus->heartbeat_ms > 0) {
        deadline_ms = earlier(deadline_ms, bus->last_read_ms + 2 * bus->heartbeat_ms);
        /* while output waits no heartbeat is sent, and a full system buffer has a deadline of its
         * own */
        deadline_ms = earlier(deadline_ms, bus->write_wait_ms == 0
                                               ? bus->last_write_ms + bus->heartbeat_ms / 2
                                               : bus->write_wait_ms + 2 * bus->heartbeat_ms);
    }
    return deadline_ms;
}

static int bus_do_timeout_ms(struct bus *self)
{
    const struct amqp_bus *bus = of(self);
    bool is_fresh_output = bus_buffer_size(&bus->output) > 0 && bus->write_wait_ms == 0;
    if (is_fresh_output || bus->write_error != 0) {
        return 0;
    }
    int64_t wait_ms = next_deadline_ms(bus) - clock_monotonic_ms();
    if (bus->write_wait_ms != 0 && bus->is_blocked && wait_ms < 100) {
        wait_ms = 100; /* that deadline does not count while the broker is in alarm */
    }
    return wait_ms < 0 ? 0 : (int)earlier(wait_ms, INT_MAX);
}

static void bus_do_poll(struct bus *self, int timeout_ms)
{
    bus_do_flush(self);
    int own_ms = bus_do_timeout_ms(self);
    struct pollfd wait = {.fd = bus_do_fd(self), .events = bus_do_wanted_events(self)};
    /* a negative descriptor is passed over: then this is the wait alone */
    int ready = poll(&wait, 1, timeout_ms < own_ms ? timeout_ms : own_ms);
    (void)ready; /* bus_process finds out by itself */
    bus_do_process(self);
}

static bool bus_do_is_up(const struct bus *self)
{
    return of_const(self)->state == AMQP_UP;
}

static bool bus_do_is_blocked(const struct bus *self)
{
    return of_const(self)->is_blocked;
}

static size_t bus_do_unsent(const struct bus *self)
{
    return bus_buffer_size(&of_const(self)->output);
}

static void bus_do_close(struct bus *self, int timeout_ms)
{
    struct amqp_bus *bus = of(self);
    int64_t end_ms = clock_monotonic_ms() + timeout_ms;
    if (bus->state == AMQP_UP) {
        amqp_channel_cancel_consumers(bus);
        amqp_connection_close_t method = {
            .reply_code = AMQP_REPLY_SUCCESS,
            .reply_text = amqp_cstring_bytes("goodbye"),
        };
        amqp_output_method(bus, CHANNEL_CONNECTION, AMQP_CONNECTION_CLOSE_METHOD, &method);
    }
    while (bus->state == AMQP_UP && !bus->is_close_ok) {
        int64_t left_ms = end_ms - clock_monotonic_ms();
        bus_do_poll(self, left_ms < 0 ? 0 : (int)left_ms);
        if (left_ms <= 0) {
            break;
        }
    }
    amqp_connection_reset(bus);
    bus->state = AMQP_CLOSED;
}

static void bus_do_free(struct bus *self)
{
    struct amqp_bus *bus = of(self);
    amqp_connection_reset(bus);
    amqp_confirms_clear(&bus->confirms);
    bus_buffer_free(&bus->content.texts);
    bus_buffer_free(&bus->content.body);
    empty_amqp_pool(&bus->pool);
    amqp_url_free(&bus->url);
    free(bus->counts.queues);
    free(bus->consumers);
    free(bus);
}

static const struct bus_ops amqp_bus_ops = {
    .publish = bus_do_publish,
    .add_consumer = bus_do_add_consumer,
    .add_reply_queue = bus_do_add_reply_queue,
    .bind_reply_queue = bus_do_bind_reply_queue,
    .reply_queue = bus_do_reply_queue,
    .cancel_consumers = bus_do_cancel_consumers,
    .ack = bus_do_ack,
    .requeue = bus_do_requeue,
    .dead_letter = bus_do_dead_letter,
    .count_consumers = bus_do_count_consumers,
    .flush = bus_do_flush,
    .poll = bus_do_poll,
    .process = bus_do_process,
    .fd = bus_do_fd,
    .wanted_events = bus_do_wanted_events,
    .timeout_ms = bus_do_timeout_ms,
    .is_up = bus_do_is_up,
    .is_blocked = bus_do_is_blocked,
    .unsent = bus_do_unsent,
    .close = bus_do_close,
    .free = bus_do_free,
};

struct bus *amqp_bus_new(const struct amqp_bus_options *options, const struct bus_events *events,
                         void *owner)
{
    struct amqp_bus *bus = memory_grow(NULL, sizeof(*bus));
    *bus = (struct amqp_bus){
        .bus.ops = &amqp_bus_ops,
        .options = *options,
        .events = *events,
        .owner = owner,
        .state = AMQP_WAITING,
        .fd = -1,
    };
    if (!amqp_url_parse(options->url, &bus->url)) {
        abort(); /* checked with the settings */
    }
    if (options->connect_timeout_ms == 0) {
        bus->options.connect_timeout_ms = CONNECT_TIMEOUT_MS;
    }
    if (options->heartbeat_seconds == 0) {
        bus->options.heartbeat_seconds = 1;
    }
    init_amqp_pool(&bus->pool, POOL_PAGE);
    amqp_connection_reset(bus);
    bus->retry_ms = clock_monotonic_ms();
    return &bus->bus;
}
