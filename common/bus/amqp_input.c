/* Bytes into frames, frames into methods, each to the file that knows what it means. */

#include "common/bus/amqp_internal.h"

/* Only what a broker may send to us is decoded: none of these carries a table, so nothing in them
 * can nest. */
static bool is_expected(amqp_method_number_t method)
{
    switch (method) {
    case AMQP_CONNECTION_TUNE_METHOD:
    case AMQP_CONNECTION_OPEN_OK_METHOD:
    case AMQP_CONNECTION_CLOSE_METHOD:
    case AMQP_CONNECTION_CLOSE_OK_METHOD:
    case AMQP_CONNECTION_BLOCKED_METHOD:
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
    case AMQP_CHANNEL_OPEN_OK_METHOD:
    case AMQP_CHANNEL_FLOW_METHOD:
    case AMQP_CHANNEL_CLOSE_METHOD:
    case AMQP_CHANNEL_CLOSE_OK_METHOD:
    case AMQP_EXCHANGE_DECLARE_OK_METHOD:
    case AMQP_QUEUE_DECLARE_OK_METHOD:
    case AMQP_QUEUE_BIND_OK_METHOD:
    case AMQP_BASIC_QOS_OK_METHOD:
    case AMQP_BASIC_CONSUME_OK_METHOD:
    case AMQP_BASIC_CANCEL_METHOD:
    case AMQP_BASIC_CANCEL_OK_METHOD:
    case AMQP_BASIC_RETURN_METHOD:
    case AMQP_BASIC_DELIVER_METHOD:
    case AMQP_BASIC_ACK_METHOD:
    case AMQP_BASIC_NACK_METHOD:
    case AMQP_CONFIRM_SELECT_OK_METHOD:
        return true;
    default:
        return false;
    }
}

static void dispatch_method(struct amqp_bus *bus, uint16_t channel, amqp_method_number_t method,
                            const void *fields)
{
    switch (channel) {
    case CHANNEL_CONNECTION:
        amqp_handshake_method(bus, method, fields);
        return;
    case CHANNEL_MAIN:
        amqp_channel_method(bus, method, fields);
        return;
    case CHANNEL_COUNTS:
        amqp_counts_method(bus, method, fields);
        return;
    default:
        amqp_fail(bus, AMQP_BY_PEER, "a method on channel %u, which is not open", channel);
    }
}

static void handle_method(struct amqp_bus *bus, uint16_t channel, const uint8_t *payload,
                          size_t size)
{
    if (size < 4) {
        amqp_fail(bus, AMQP_BY_PEER, "a method frame of %zu bytes", size);
        return;
    }
    amqp_method_number_t method =
        (amqp_method_number_t)payload[0] << 24 | payload[1] << 16 | payload[2] << 8 | payload[3];
    if (method == AMQP_CONNECTION_START_METHOD) {
        /* what it tells, a nested table, changes nothing for us */
        dispatch_method(bus, channel, method, NULL);
        return;
    }
    void *fields = NULL;
    amqp_bytes_t encoded = {.bytes = (void *)(uintptr_t)(payload + 4), .len = size - 4};
    if (!is_expected(method) || amqp_decode_method(method, &bus->pool, encoded, &fields) < 0) {
        amqp_fail(bus, AMQP_BY_PEER, "a method (0x%08x) that is none or is broken", method);
        return;
    }
    dispatch_method(bus, channel, method, fields);
    recycle_amqp_pool(&bus->pool);
}

static void handle_frame(struct amqp_bus *bus, uint8_t type, uint16_t channel,
                         const uint8_t *payload, size_t size)
{
    if (type == AMQP_FRAME_HEARTBEAT) {
        return;
    }
    if (type == AMQP_FRAME_METHOD) {
        handle_method(bus, channel, payload, size);
        return;
    }
    if (channel != CHANNEL_MAIN) {
        amqp_fail(bus, AMQP_BY_PEER, "content on channel %u", channel);
        return;
    }
    if (type == AMQP_FRAME_HEADER) {
        amqp_content_header(bus, payload, size);
        return;
    }
    amqp_content_body(bus, payload, size);
}

static bool is_frame_type(uint8_t type)
{
    return type == AMQP_FRAME_METHOD || type == AMQP_FRAME_HEADER || type == AMQP_FRAME_BODY ||
           type == AMQP_FRAME_HEARTBEAT;
}

void amqp_input_process(struct amqp_bus *bus)
{
    struct bus_buffer *input = &bus->input;
    while (amqp_is_connected(bus) && bus_buffer_size(input) >= FRAME_HEADER) {
        const uint8_t *frame = (const uint8_t *)input->data + input->start;
        size_t size = (size_t)frame[3] << 24 | (size_t)frame[4] << 16 | (size_t)frame[5] << 8 |
                      (size_t)frame[6];
        if (!is_frame_type(frame[0]) || size > bus->frame_max - FRAME_OVERHEAD) {
            amqp_fail(bus, AMQP_BY_PEER, "the peer does not speak AMQP 0-9-1");
            return;
        }
        if (bus_buffer_size(input) < size + FRAME_OVERHEAD) {
            return;
        }
        if (frame[FRAME_HEADER + size] != AMQP_FRAME_END) {
            amqp_fail(bus, AMQP_BY_PEER, "a frame without an end");
            return;
        }
        uint16_t channel = (uint16_t)(frame[1] << 8 | frame[2]);
        /* the bytes stay in place until the next read; a failure empties the buffer */
        input->start += size + FRAME_OVERHEAD;
        handle_frame(bus, frame[0], channel, frame + FRAME_HEADER, size);
    }
}
