/* From nothing to a connected socket, and back to nothing with a wait that grows. */

#include "common/bus/amqp_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/core/clock.h"

enum { RETRY_MIN_MS = 100, RETRY_MAX_MS = 5000, REASON_MAX = 512 };

void amqp_connection_reset(struct amqp_bus *bus)
{
    if (bus->fd >= 0) {
        close(bus->fd);
    }
    amqp_resolver_free(bus->resolver);
    bus->fd = -1;
    bus->resolver = NULL;
    bus->next_address = NULL;
    bus->write_error = 0;
    bus->write_wait_ms = 0;
    bus->heartbeat_ms = 0;
    bus->frame_max = FRAME_MAX;
    bus->is_blocked = false;
    bus->is_close_ok = false;
    /* between connections a bus holds little memory */
    bus_buffer_free(&bus->input);
    bus_buffer_free(&bus->output);
    bus_buffer_clear(&bus->content.texts);
    bus_buffer_clear(&bus->content.body);
    bus->content.awaited = CONTENT_NONE;
    bus->awaited = 0;
    bus->is_reply_queue_declared = false;
    bus->reply_queue[0] = '\0';
    bus->counts.state = COUNTS_CLOSED;
    bus->counts.count = 0;
    amqp_confirms_clear(&bus->confirms);
    bus->sequence_base = bus->sequence;
    bus->tag_base = bus->tag;
}

/* 100 ms doubled with each failure, 5 s at most; between half and all of that, so that a fleet does
 * not come back as one. */
static int64_t retry_wait_ms(unsigned failures)
{
    int64_t wait_ms = failures > 6 ? RETRY_MAX_MS : (int64_t)RETRY_MIN_MS << failures;
    wait_ms = wait_ms > RETRY_MAX_MS ? RETRY_MAX_MS : wait_ms;
    uint32_t random = 0;
    ssize_t size = getrandom(&random, sizeof(random), GRND_NONBLOCK);
    (void)size; /* without randomness there is no jitter */
    return wait_ms / 2 + (int64_t)(random % (uint32_t)(wait_ms / 2 + 1));
}

void amqp_fail(struct amqp_bus *bus, enum amqp_blame blame, const char *format, ...)
{
    char reason[REASON_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);

    amqp_connection_reset(bus);
    bus->state = AMQP_WAITING;
    bus->retry_ms = clock_monotonic_ms() + retry_wait_ms(bus->failures);
    bus->failures++;
    if (bus->events.on_down != NULL) {
        bus->events.on_down(bus->owner, &bus->bus, reason, blame == AMQP_BY_PEER);
    }
}

void amqp_connection_adopt(struct amqp_bus *bus, int fd)
{
    bus->fd = fd;
    bus->last_read_ms = clock_monotonic_ms();
    bus->last_write_ms = bus->last_read_ms;
    amqp_handshake_begin(bus);
}

/* The time left is shared evenly by the addresses left: one that swallows packets does not keep us
 * from the next. */
static int64_t share_of_time(const struct amqp_bus *bus, int64_t now_ms)
{
    int64_t count = 0;
    for (const struct addrinfo *a = bus->next_address; a != NULL; a = a->ai_next) {
        count++;
    }
    return count == 0 ? 0 : (bus->deadline_ms - now_ms) / count;
}

/* Begin to connect to the next address that lets us; false: there is none. `error` is that of the
 * one before. */
static bool connect_next(struct amqp_bus *bus, int error)
{
    while (bus->next_address != NULL) {
        int64_t now_ms = clock_monotonic_ms();
        bus->address_deadline_ms = now_ms + share_of_time(bus, now_ms);
        const struct addrinfo *address = bus->next_address;
        bus->next_address = address->ai_next;
        int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            error = errno;
            continue;
        }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (connect(fd, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS) {
            bus->fd = fd;
            bus->state = AMQP_CONNECTING;
            return true;
        }
        error = errno;
        close(fd);
    }
    amqp_fail(bus, AMQP_BY_NETWORK, "cannot connect to %s:%d: %s", bus->url.host, bus->url.port,
              strerror(error));
    return false;
}

static void begin_look_up(struct amqp_bus *bus, int64_t now_ms)
{
    bus->deadline_ms = now_ms + bus->options.connect_timeout_ms;
    bus->resolver = amqp_resolver_new(bus->url.host, bus->url.port);
    bus->state = AMQP_RESOLVING;
}

static void continue_look_up(struct amqp_bus *bus, int64_t now_ms)
{
    if (!amqp_resolver_is_done(bus->resolver)) {
        if (now_ms >= bus->deadline_ms) {
            amqp_fail(bus, AMQP_BY_NETWORK, "looking up %s takes too long", bus->url.host);
        }
        return;
    }
    const char *error = NULL;
    bus->next_address = amqp_resolver_addresses(bus->resolver, &error);
    if (bus->next_address == NULL) {
        amqp_fail(bus, AMQP_BY_NETWORK, "cannot look up %s: %s", bus->url.host, error);
        return;
    }
    connect_next(bus, 0);
}

static void continue_connect(struct amqp_bus *bus, int64_t now_ms)
{
    struct pollfd writable = {.fd = bus->fd, .events = POLLOUT};
    if (poll(&writable, 1, 0) <= 0) {
        if (now_ms >= bus->address_deadline_ms) {
            close(bus->fd);
            bus->fd = -1;
            connect_next(bus, ETIMEDOUT);
        }
        return;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(bus->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    int fd = bus->fd;
    bus->fd = -1;
    if (error != 0) {
        close(fd);
        connect_next(bus, error);
        return;
    }
    bus->next_address = NULL;
    amqp_resolver_free(bus->resolver);
    bus->resolver = NULL;
    amqp_connection_adopt(bus, fd);
}

void amqp_connection_advance(struct amqp_bus *bus)
{
    int64_t now_ms = clock_monotonic_ms();
    if (bus->state == AMQP_WAITING && now_ms >= bus->retry_ms) {
        begin_look_up(bus, now_ms);
    }
    if (bus->state == AMQP_RESOLVING) {
        continue_look_up(bus, now_ms);
    }
    if (bus->state == AMQP_CONNECTING) {
        continue_connect(bus, now_ms);
    }
}
