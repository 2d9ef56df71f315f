/* Socket and buffers: bytes in, bytes out, heartbeats. */

#include "common/bus/amqp_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/core/memory.h"
#include "common/core/clock.h"

enum { READS_PER_TURN = 16 };

void bus_buffer_free(struct bus_buffer *bytes)
{
    free(bytes->data);
    *bytes = (struct bus_buffer){0};
}

void bus_buffer_clear(struct bus_buffer *bytes)
{
    if (bytes->capacity > KEPT_CAPACITY) {
        bus_buffer_free(bytes);
    }
    bytes->start = 0;
    bytes->end = 0;
}

char *bus_buffer_reserve(struct bus_buffer *bytes, size_t size)
{
    if (bytes->capacity - bytes->end >= size && bytes->data != NULL) {
        return bytes->data + bytes->end;
    }
    size_t waiting = bus_buffer_size(bytes);
    if (bytes->data != NULL && bytes->start > 0 && bytes->capacity - waiting >= size &&
        waiting <= bytes->start) {
        memcpy(bytes->data, bytes->data + bytes->start, waiting);
    } else {
        size_t capacity = bytes->capacity < 4096 ? 4096 : bytes->capacity;
        while (capacity - waiting < size) {
            capacity *= 2;
        }
        char *data = memory_grow(NULL, capacity);
        if (bytes->data != NULL) {
            memcpy(data, bytes->data + bytes->start, waiting);
        }
        free(bytes->data);
        bytes->data = data;
        bytes->capacity = capacity;
    }
    bytes->start = 0;
    bytes->end = waiting;
    return bytes->data + bytes->end;
}

/* true: there may be more to read */
static bool io_read_once(struct amqp_bus *bus)
{
    struct bus_buffer *input = &bus->input;
    if (input->data == NULL) {
        bus_buffer_reserve(input, INPUT_CAPACITY);
    }
    if (input->start > 0) {
        memmove(input->data, input->data + input->start, bus_buffer_size(input));
        input->end -= input->start;
        input->start = 0;
    }
    /* a complete frame never stays behind, and the longest is half of this */
    size_t room = input->capacity - input->end;
    ssize_t size = recv(bus->fd, input->data + input->end, room, MSG_DONTWAIT);
    if (size == 0) {
        amqp_fail(bus, AMQP_BY_NETWORK, "the broker has hung up");
        return false;
    }
    if (size < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            amqp_fail(bus, AMQP_BY_NETWORK, "cannot read from the broker: %s", strerror(errno));
        }
        return false;
    }
    bus->last_read_ms = clock_monotonic_ms();
    input->end += (size_t)size;
    amqp_input_process(bus);
    return amqp_is_connected(bus) && (size_t)size == room;
}

void amqp_io_read(struct amqp_bus *bus)
{
    for (int i = 0; i < READS_PER_TURN && io_read_once(bus); i++) {
    }
}

void amqp_io_write(struct amqp_bus *bus)
{
    struct bus_buffer *output = &bus->output;
    while (bus_buffer_size(output) > 0 && bus->write_error == 0) {
        ssize_t size = send(bus->fd, output->data + output->start, bus_buffer_size(output),
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        int64_t now_ms = clock_monotonic_ms();
        if (size < 0) {
            bool is_full = errno == EAGAIN || errno == EWOULDBLOCK;
            bus->write_error = is_full ? 0 : errno;
            bus->write_wait_ms = bus->write_wait_ms == 0 ? now_ms : bus->write_wait_ms;
            return;
        }
        output->start += (size_t)size;
        bus->last_write_ms = now_ms;
        bus->write_wait_ms = 0;
    }
    if (bus_buffer_size(output) == 0) {
        bus_buffer_clear(output);
    }
}

void amqp_io_keep_alive(struct amqp_bus *bus)
{
    if (bus->write_error != 0) {
        amqp_fail(bus, AMQP_BY_NETWORK, "cannot write to the broker: %s",
                  strerror(bus->write_error));
        return;
    }
    int64_t now_ms = clock_monotonic_ms();
    if (bus->state != AMQP_UP && now_ms >= bus->deadline_ms) {
        amqp_fail(bus, AMQP_BY_NETWORK, "the broker does not complete the connection");
        return;
    }
    if (bus->heartbeat_ms == 0) {
        return; /* not agreed yet */
    }
    if (now_ms - bus->last_read_ms >= 2 * bus->heartbeat_ms) {
        amqp_fail(bus, AMQP_BY_NETWORK, "nothing heard from the broker for %lld ms",
                  (long long)(now_ms - bus->last_read_ms));
        return;
    }
    /* a broker in alarm stops reading; its own heartbeats show that it lives */
    if (bus->write_wait_ms != 0 && !bus->is_blocked &&
        now_ms - bus->write_wait_ms >= 2 * bus->heartbeat_ms) {
        amqp_fail(bus, AMQP_BY_NETWORK, "the broker has read nothing for %lld ms",
                  (long long)(now_ms - bus->write_wait_ms));
        return;
    }
    if (bus_buffer_size(&bus->output) == 0 &&
        now_ms - bus->last_write_ms >= bus->heartbeat_ms / 2) {
        static const char heartbeat[] = {AMQP_FRAME_HEARTBEAT, 0, 0, 0, 0, 0, 0,
                                         (char)AMQP_FRAME_END};
        amqp_output_raw(bus, heartbeat, sizeof(heartbeat));
    }
}
