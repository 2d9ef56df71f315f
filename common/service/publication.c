/* The wire form of outgoing messages. */

#include "common/service/publication.h"

#include "common/core/clock.h"
#include "common/service/envelope.h"

enum { HEADERS_MAX = 6 };

static void add_text(struct bus_header *headers, size_t *count, const char *name, const char *text)
{
    if (text != NULL) {
        headers[(*count)++] = (struct bus_header){.name = name, .kind = BUS_TEXT, .text = text};
    }
}

static void add_integer(struct bus_header *headers, size_t *count, const char *name, int64_t value)
{
    if (value != 0) {
        headers[(*count)++] =
            (struct bus_header){.name = name, .kind = BUS_INTEGER, .integer = value};
    }
}

static size_t list_headers(const struct publication *publication,
                           struct bus_header ret[HEADERS_MAX])
{
    _Static_assert(NOBODY == 0, "0 is left out");
    size_t count = 0;
    add_integer(ret, &count, HEADER_USER_ID, publication->user_id);
    add_text(ret, &count, HEADER_CLIENT_ADDRESS, publication->client_address);
    add_text(ret, &count, HEADER_LANGUAGE, publication->language);
    add_text(ret, &count, HEADER_TRACEPARENT, publication->traceparent);
    add_text(ret, &count, HEADER_IDEMPOTENCY_KEY, publication->idempotency_key);
    add_integer(ret, &count, HEADER_DEADLINE, publication->deadline_ms);
    return count;
}

bool publication_send(const struct publication *publication, struct bus *bus,
                      uint64_t *ret_sequence)
{
    const struct contract *contract = publication->contract;
    struct bus_header headers[HEADERS_MAX];
    size_t header_count = list_headers(publication, headers);
    bool is_event = contract->kind == MESSAGE_EVENT;
    const struct bus_message message = {
        .exchange = contract->exchange,
        .routing_key = contract->name,
        .type = contract->name,
        .content_type = is_event ? CONTENT_TYPE_EVENT : CONTENT_TYPE_JSON,
        .message_id = publication->message_id,
        .headers = headers,
        .header_count = header_count,
        .body = publication->body,
        .body_size = publication->body_size,
        .timestamp = clock_wall_us() / 1000000,
        .is_persistent = true,
        .is_mandatory = !is_event,
    };
    return bus_publish(bus, &message, ret_sequence);
}
