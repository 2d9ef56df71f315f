/*
 * The properties of a content header. Decoded by hand and not by amqp_decode_properties: a
 * publisher writes them, and the library takes memory for each table, follows nested tables by
 * recursion as deep as the publisher likes, and gives up the whole connection over one field it
 * cannot read. Here nested values are stepped over by their length, and what cannot be read marks
 * the one message.
 */

#include "common/bus/amqp_internal.h"

#include <string.h>

struct cursor {
    const uint8_t *at;
    size_t left;
    bool is_broken; /* ran out of bytes: everything from here on reads as 0 */
};

static const uint8_t *take(struct cursor *cursor, size_t size)
{
    static const uint8_t nothing[8];
    if (cursor->is_broken || size > cursor->left) {
        cursor->is_broken = true;
        cursor->left = 0;
        return nothing;
    }
    const uint8_t *taken = cursor->at;
    cursor->at += size;
    cursor->left -= size;
    return taken;
}

/* big-endian, `size` bytes (1 to 8) */
static uint64_t take_unsigned(struct cursor *cursor, size_t size)
{
    const uint8_t *bytes = take(cursor, size);
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static int64_t take_signed(struct cursor *cursor, size_t size)
{
    unsigned shift = (unsigned)(64 - 8 * size);
    return (int64_t)(take_unsigned(cursor, size) << shift) >> shift;
}

/* A part of `size` bytes as a cursor of its own. */
static struct cursor take_part(struct cursor *cursor, size_t size)
{
    const uint8_t *at = take(cursor, size);
    return (struct cursor){.at = at, .left = cursor->is_broken ? 0 : size};
}

/*
 * A copy with a NUL behind it. There is always room: every text on the wire has at least one byte
 * of length before it, and `texts` is as large as the whole header. NULL: there is a NUL inside.
 */
static const char *keep_text(struct amqp_content *content, struct cursor text)
{
    if (memchr(text.at, '\0', text.left) != NULL) {
        return NULL;
    }
    char *place = content->texts.data + content->texts.end;
    memcpy(place, text.at, text.left);
    place[text.left] = '\0';
    content->texts.end += text.left + 1;
    return place;
}

static const char *take_short_text(struct amqp_content *content, struct cursor *cursor)
{
    struct cursor text = take_part(cursor, take_unsigned(cursor, 1));
    const char *kept = cursor->is_broken ? NULL : keep_text(content, text);
    if (kept == NULL) {
        content->delivery.message.is_malformed = true;
        return "";
    }
    return kept;
}

static void set_integer(struct bus_header *header, int64_t integer)
{
    header->kind = BUS_INTEGER;
    header->integer = integer;
}

static void take_text_value(struct amqp_content *content, struct cursor *cursor,
                            struct bus_header *header)
{
    struct cursor text = take_part(cursor, take_unsigned(cursor, 4));
    if (cursor->is_broken || text.left > HEADER_TEXT_MAX) {
        return;
    }
    const char *kept = keep_text(content, text);
    if (kept != NULL) {
        header->kind = BUS_TEXT;
        header->text = kept;
    }
}

/* Field values as RabbitMQ and librabbitmq have them (their `s` is a 16-bit integer, `l` is
 * signed). */
static void take_value(struct amqp_content *content, struct cursor *cursor,
                       struct bus_header *header)
{
    uint8_t kind = (uint8_t)take_unsigned(cursor, 1);
    uint64_t large;
    switch (kind) {
    case AMQP_FIELD_KIND_BOOLEAN:
        header->kind = BUS_BOOLEAN;
        header->integer = take_unsigned(cursor, 1) != 0;
        return;
    case AMQP_FIELD_KIND_I8:
        set_integer(header, take_signed(cursor, 1));
        return;
    case AMQP_FIELD_KIND_U8:
        set_integer(header, (int64_t)take_unsigned(cursor, 1));
        return;
    case AMQP_FIELD_KIND_I16:
        set_integer(header, take_signed(cursor, 2));
        return;
    case AMQP_FIELD_KIND_U16:
        set_integer(header, (int64_t)take_unsigned(cursor, 2));
        return;
    case AMQP_FIELD_KIND_I32:
        set_integer(header, take_signed(cursor, 4));
        return;
    case AMQP_FIELD_KIND_U32:
        set_integer(header, (int64_t)take_unsigned(cursor, 4));
        return;
    case AMQP_FIELD_KIND_I64:
        set_integer(header, take_signed(cursor, 8));
        return;
    case AMQP_FIELD_KIND_U64:
        large = take_unsigned(cursor, 8);
        if (large <= INT64_MAX) {
            set_integer(header, (int64_t)large);
        }
        return;
    case AMQP_FIELD_KIND_UTF8:
        take_text_value(content, cursor, header);
        return;
    case AMQP_FIELD_KIND_BYTES:
    case AMQP_FIELD_KIND_ARRAY:
    case AMQP_FIELD_KIND_TABLE:
        take(cursor, take_unsigned(cursor, 4));
        return;
    case AMQP_FIELD_KIND_F64:
    case AMQP_FIELD_KIND_TIMESTAMP:
        take(cursor, 8);
        return;
    case AMQP_FIELD_KIND_F32:
        take(cursor, 4);
        return;
    case AMQP_FIELD_KIND_DECIMAL:
        take(cursor, 1 + 4);
        return;
    case AMQP_FIELD_KIND_VOID:
        return;
    default:
        cursor->is_broken = true; /* of unknown length */
    }
}

static void take_headers(struct amqp_content *content, struct cursor *cursor)
{
    struct bus_delivery *delivery = &content->delivery;
    struct cursor table = take_part(cursor, take_unsigned(cursor, 4));
    while (table.left > 0) {
        struct bus_header header = {.kind = BUS_OTHER};
        header.name = take_short_text(content, &table);
        take_value(content, &table, &header);
        if (table.is_broken) {
            break;
        }
        if (strcmp(header.name, "x-delivery-count") == 0) {
            bool is_count = header.kind == BUS_INTEGER && header.integer > 0;
            delivery->delivery_count = is_count ? header.integer : 0;
            continue;
        }
        if (delivery->message.header_count == BUS_HEADERS_MAX) {
            delivery->message.is_malformed = true;
            continue;
        }
        content->headers[delivery->message.header_count++] = header;
    }
    delivery->message.is_malformed = delivery->message.is_malformed || table.is_broken;
}

void amqp_properties_decode(struct amqp_content *content, const uint8_t *data, size_t size)
{
    struct bus_message *message = &content->delivery.message;
    struct cursor cursor = {.at = data, .left = size};
    content->texts.end = 0;
    bus_buffer_reserve(&content->texts, size);

    unsigned flags = (unsigned)take_unsigned(&cursor, 2);
    /* in the order of the bits (AMQP 0-9-1, 4.2.6.1) */
    if (flags & AMQP_BASIC_CONTENT_TYPE_FLAG) {
        message->content_type = take_short_text(content, &cursor);
    }
    if (flags & AMQP_BASIC_CONTENT_ENCODING_FLAG) {
        take_short_text(content, &cursor);
    }
    if (flags & AMQP_BASIC_HEADERS_FLAG) {
        take_headers(content, &cursor);
    }
    if (flags & AMQP_BASIC_DELIVERY_MODE_FLAG) {
        message->is_persistent = take_unsigned(&cursor, 1) == AMQP_DELIVERY_PERSISTENT;
    }
    if (flags & AMQP_BASIC_PRIORITY_FLAG) {
        take(&cursor, 1);
    }
    if (flags & AMQP_BASIC_CORRELATION_ID_FLAG) {
        message->correlation_id = take_short_text(content, &cursor);
    }
    if (flags & AMQP_BASIC_REPLY_TO_FLAG) {
        message->reply_to = take_short_text(content, &cursor);
    }
    if (flags & AMQP_BASIC_EXPIRATION_FLAG) {
        message->expiration = take_short_text(content, &cursor);
    }
    if (flags & AMQP_BASIC_MESSAGE_ID_FLAG) {
        message->message_id = take_short_text(content, &cursor);
    }
    if (flags & AMQP_BASIC_TIMESTAMP_FLAG) {
        message->timestamp = take_signed(&cursor, 8);
    }
    if (flags & AMQP_BASIC_TYPE_FLAG) {
        message->type = take_short_text(content, &cursor);
    }
    /* user-id, app-id and cluster-id follow; nobody asks for them */
    message->is_malformed = message->is_malformed || cursor.is_broken || (flags & 1) != 0;
}
