/* A publication: method, header and body frames, straight into the output buffer. */

#include "common/bus/amqp_internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    PUBLISH_METHOD_MAX = 4 + 2 + 2 * (1 + BUS_SHORT_TEXT_MAX) + 1,
    CONTENT_HEADER_FIXED = 2 + 2 + 8, /* class, weight, body size */
    PROPERTIES_FIXED = 2 + 4 + 1 + 8, /* flags, table size, delivery mode, timestamp */
    HEADER_ENTRY_FIXED = 1 + 1 + 8,   /* name's length, kind, integer or text's length */
};

struct encoded_properties {
    amqp_basic_properties_t properties;
    amqp_table_entry_t headers[BUS_HEADERS_MAX];
    size_t size_max;
    bool is_possible;
};

static amqp_bytes_t bytes_of(const char *text)
{
    return (amqp_bytes_t){.bytes = (void *)(uintptr_t)text, .len = strlen(text)};
}

static void add_text(struct encoded_properties *encoded, const char *text, amqp_bytes_t *place,
                     amqp_flags_t flag)
{
    if (text == NULL) {
        return;
    }
    *place = bytes_of(text);
    encoded->properties._flags |= flag;
    encoded->size_max += 1 + place->len;
    encoded->is_possible = encoded->is_possible && place->len <= BUS_SHORT_TEXT_MAX;
}

static void add_header(struct encoded_properties *encoded, const struct bus_header *header)
{
    amqp_table_entry_t *entry = &encoded->headers[encoded->properties.headers.num_entries++];
    entry->key = bytes_of(header->name);
    encoded->size_max += HEADER_ENTRY_FIXED + entry->key.len;
    encoded->is_possible = encoded->is_possible && entry->key.len <= BUS_SHORT_TEXT_MAX;
    switch (header->kind) {
    case BUS_TEXT:
        entry->value.kind = AMQP_FIELD_KIND_UTF8;
        entry->value.value.bytes = bytes_of(header->text);
        encoded->size_max += entry->value.value.bytes.len;
        return;
    case BUS_INTEGER:
        entry->value.kind = AMQP_FIELD_KIND_I64;
        entry->value.value.i64 = header->integer;
        return;
    case BUS_BOOLEAN:
        entry->value.kind = AMQP_FIELD_KIND_BOOLEAN;
        entry->value.value.boolean = header->integer != 0;
        return;
    case BUS_OTHER:
        entry->value.kind = AMQP_FIELD_KIND_VOID;
        return;
    }
}

static void collect_properties(const struct bus_message *message, struct encoded_properties *ret)
{
    ret->properties = (amqp_basic_properties_t){0};
    ret->size_max = PROPERTIES_FIXED;
    ret->is_possible = message->header_count <= BUS_HEADERS_MAX &&
                       strlen(message->exchange) <= BUS_SHORT_TEXT_MAX &&
                       strlen(message->routing_key) <= BUS_SHORT_TEXT_MAX;
    amqp_basic_properties_t *to = &ret->properties;
    add_text(ret, message->content_type, &to->content_type, AMQP_BASIC_CONTENT_TYPE_FLAG);
    add_text(ret, message->correlation_id, &to->correlation_id, AMQP_BASIC_CORRELATION_ID_FLAG);
    add_text(ret, message->reply_to, &to->reply_to, AMQP_BASIC_REPLY_TO_FLAG);
    add_text(ret, message->expiration, &to->expiration, AMQP_BASIC_EXPIRATION_FLAG);
    add_text(ret, message->message_id, &to->message_id, AMQP_BASIC_MESSAGE_ID_FLAG);
    add_text(ret, message->type, &to->type, AMQP_BASIC_TYPE_FLAG);
    if (message->is_persistent) {
        to->delivery_mode = AMQP_DELIVERY_PERSISTENT;
        to->_flags |= AMQP_BASIC_DELIVERY_MODE_FLAG;
    }
    if (message->timestamp != 0) {
        to->timestamp = (uint64_t)message->timestamp;
        to->_flags |= AMQP_BASIC_TIMESTAMP_FLAG;
    }
    if (message->header_count > 0 && ret->is_possible) {
        to->headers.entries = ret->headers;
        to->_flags |= AMQP_BASIC_HEADERS_FLAG;
        for (size_t i = 0; i < message->header_count; i++) {
            add_header(ret, &message->headers[i]);
        }
    }
}

static void put_content_header(struct amqp_bus *bus, struct encoded_properties *encoded,
                               size_t body_size)
{
    size_t room = CONTENT_HEADER_FIXED + encoded->size_max;
    char *place = bus_buffer_reserve(&bus->output, FRAME_OVERHEAD + room);
    char *payload = place + FRAME_HEADER;
    memset(payload, 0, CONTENT_HEADER_FIXED);
    payload[1] = AMQP_BASIC_CLASS;
    for (int i = 0; i < 8; i++) {
        payload[4 + i] = (char)((uint64_t)body_size >> (56 - 8 * i));
    }
    int size = amqp_encode_properties(
        AMQP_BASIC_CLASS, &encoded->properties,
        (amqp_bytes_t){.bytes = payload + CONTENT_HEADER_FIXED, .len = encoded->size_max});
    if (size < 0) { /* size_max is wrong: a bug; half a publication must not be sent */
        abort();
    }
    size_t payload_size = CONTENT_HEADER_FIXED + (size_t)size;
    amqp_frame_seal(place, AMQP_FRAME_HEADER, CHANNEL_MAIN, payload_size);
    bus->output.end += FRAME_OVERHEAD + payload_size;
}

static void put_body(struct amqp_bus *bus, const char *body, size_t size)
{
    size_t payload_max = bus->frame_max - FRAME_OVERHEAD;
    while (size > 0) {
        size_t part = size < payload_max ? size : payload_max;
        char *place = bus_buffer_reserve(&bus->output, FRAME_OVERHEAD + part);
        memcpy(place + FRAME_HEADER, body, part);
        amqp_frame_seal(place, AMQP_FRAME_BODY, CHANNEL_MAIN, part);
        bus->output.end += FRAME_OVERHEAD + part;
        body += part;
        size -= part;
    }
}

bool amqp_publish(struct amqp_bus *bus, const struct bus_message *message, uint64_t *ret_sequence)
{
    if (bus->state != AMQP_UP || bus->is_blocked || bus->write_error != 0) {
        return false;
    }
    struct encoded_properties encoded;
    collect_properties(message, &encoded);
    size_t frames = 3 + message->body_size / (bus->frame_max - FRAME_OVERHEAD);
    size_t size_max = PUBLISH_METHOD_MAX + CONTENT_HEADER_FIXED + encoded.size_max +
                      message->body_size + frames * FRAME_OVERHEAD;
    if (!encoded.is_possible ||
        CONTENT_HEADER_FIXED + encoded.size_max > bus->frame_max - FRAME_OVERHEAD ||
        bus_buffer_size(&bus->output) + size_max > OUTPUT_MAX) {
        return false;
    }
    amqp_basic_publish_t method = {
        .exchange = bytes_of(message->exchange),
        .routing_key = bytes_of(message->routing_key),
        .mandatory = message->is_mandatory,
    };
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_PUBLISH_METHOD, &method);
    put_content_header(bus, &encoded, message->body_size);
    put_body(bus, message->body, message->body_size);

    bus->sequence++;
    if (bus->options.has_confirms) {
        amqp_confirms_add(
            &bus->confirms,
            message->is_mandatory
                ? amqp_confirms_key(message->exchange, message->routing_key, message->message_id)
                : 0);
    }
    if (ret_sequence != NULL) {
        *ret_sequence = bus->sequence;
    }
    return true;
}
