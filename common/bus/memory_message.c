/* One allocation a message: the struct, its headers, its texts, its body. */

#include "common/bus/memory_message.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"
#include "common/core/clock.h"

static size_t text_size(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static const char *place_text(char **place, const char *text)
{
    if (text == NULL) {
        return NULL;
    }
    size_t size = strlen(text) + 1;
    char *copy = memcpy(*place, text, size);
    *place += size;
    return copy;
}

static size_t headers_size(const struct bus_header *headers, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += sizeof(*headers) + text_size(headers[i].name) + text_size(headers[i].text);
    }
    return size;
}

static void place_headers(char **place, const struct bus_header *headers, size_t count,
                          struct bus_header *to)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = headers[i];
        to[i].name = place_text(place, headers[i].name);
        to[i].text = headers[i].kind == BUS_TEXT ? place_text(place, headers[i].text) : NULL;
    }
}

static size_t texts_size(const struct bus_message *message)
{
    return text_size(message->exchange) + text_size(message->routing_key) +
           text_size(message->type) + text_size(message->content_type) +
           text_size(message->message_id) + text_size(message->correlation_id) +
           text_size(message->reply_to) + text_size(message->expiration);
}

static void place_texts(char **place, const struct bus_message *from, struct bus_message *to)
{
    to->exchange = place_text(place, from->exchange);
    to->routing_key = place_text(place, from->routing_key);
    to->type = place_text(place, from->type);
    to->content_type = place_text(place, from->content_type);
    to->message_id = place_text(place, from->message_id);
    to->correlation_id = place_text(place, from->correlation_id);
    to->reply_to = place_text(place, from->reply_to);
    to->expiration = place_text(place, from->expiration);
}

struct memory_message *memory_message_copy(const struct bus_message *message,
                                           const struct bus_header *added, size_t added_count)
{
    size_t size = headers_size(message->headers, message->header_count) +
                  headers_size(added, added_count) + texts_size(message) + message->body_size + 1;
    struct memory_message *copy = memory_grow(NULL, sizeof(*copy) + size);
    *copy = (struct memory_message){.message = *message};
    struct bus_message *to = &copy->message;
    struct bus_header *headers = (struct bus_header *)(copy + 1);
    to->headers = headers;
    to->header_count = message->header_count + added_count;
    char *place = (char *)(headers + to->header_count);
    place_headers(&place, message->headers, message->header_count, headers);
    place_headers(&place, added, added_count, headers + message->header_count);
    place_texts(&place, message, to);
    to->is_too_large = message->is_too_large || message->body_size > BUS_BODY_MAX;
    to->is_mandatory = false;
    if (message->body_size > 0) {
        memcpy(place, message->body, message->body_size);
    }
    place[message->body_size] = '\0';
    to->body = to->is_too_large ? NULL : place;
    to->body_size = to->is_too_large ? 0 : message->body_size;
    if (to->expiration != NULL) {
        copy->expires_ms = clock_monotonic_ms() + strtoll(to->expiration, NULL, 10);
    }
    return copy;
}
