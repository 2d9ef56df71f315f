/* The wire form of outgoing messages. */

#include "common/service/publication.h"

#include "common/core/clock.h"
#include "common/service/envelope.h"

struct bus_message publication_message(const struct contract *contract, const char *message_id,
                                       const struct bus_header *headers, size_t header_count,
                                       const char *body, size_t body_size)
{
    bool is_event = contract->kind == MESSAGE_EVENT;
    return (struct bus_message){
        .exchange = contract->exchange,
        .routing_key = contract->name,
        .type = contract->name,
        .content_type = is_event ? CONTENT_TYPE_EVENT : CONTENT_TYPE_JSON,
        .message_id = message_id,
        .headers = headers,
        .header_count = header_count,
        .body = body,
        .body_size = body_size,
        .timestamp = clock_wall_us() / 1000000,
        .is_persistent = true,
        .is_mandatory = !is_event,
    };
}

bool publication_send(const struct contract *contract, const char *message_id, const char *body,
                      size_t body_size, const char *traceparent, int64_t deadline_ms,
                      struct bus *bus, uint64_t *ret_sequence)
{
    struct bus_header headers[2];
    size_t header_count = 0;
    if (traceparent != NULL) {
        headers[header_count++] =
            (struct bus_header){.name = HEADER_TRACEPARENT, .kind = BUS_TEXT, .text = traceparent};
    }
    if (deadline_ms != 0) {
        headers[header_count++] = (struct bus_header){
            .name = HEADER_DEADLINE, .kind = BUS_INTEGER, .integer = deadline_ms};
    }
    const struct bus_message message =
        publication_message(contract, message_id, headers, header_count, body, body_size);
    return bus_publish(bus, &message, ret_sequence);
}
