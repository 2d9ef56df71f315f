/* Deliveries and returns: method, header, body frames into one call of the owner. */

#include "common/bus/amqp_internal.h"

#include <string.h>

#include "common/core/memory.h"

enum { CONTENT_HEADER_FIXED = 2 + 2 + 8 };

static bool copy_short_text(char ret[BUS_SHORT_TEXT_MAX + 1], amqp_bytes_t text)
{
    bool is_whole = text.len <= BUS_SHORT_TEXT_MAX && memchr(text.bytes, '\0', text.len) == NULL;
    size_t size = is_whole ? text.len : 0;
    memcpy(ret, text.bytes, size);
    ret[size] = '\0';
    return is_whole;
}

static void content_begin(struct amqp_bus *bus, amqp_bytes_t exchange, amqp_bytes_t routing_key)
{
    struct amqp_content *content = &bus->content;
    content->delivery = (struct bus_delivery){
        .message = {.exchange = content->exchange,
                    .routing_key = content->routing_key,
                    .headers = content->headers},
    };
    bool is_whole = copy_short_text(content->exchange, exchange);
    is_whole = copy_short_text(content->routing_key, routing_key) && is_whole;
    content->delivery.message.is_malformed = !is_whole;
    content->awaited = CONTENT_HEADER;
    content->is_return = false;
    content->is_unwanted = false;
    content->is_discarded = false;
    content->received = 0;
}

/* "<index>.<queue>" -> the consumer, or NULL */
static const struct amqp_consumer *consumer_of(const struct amqp_bus *bus, amqp_bytes_t tag)
{
    const char *text = tag.bytes;
    size_t index = 0;
    size_t i = 0;
    for (; i < tag.len && i < 6 && text[i] >= '0' && text[i] <= '9'; i++) {
        index = index * 10 + (size_t)(text[i] - '0');
    }
    bool is_index = i > 0 && i < tag.len && text[i] == '.' && index < bus->consumer_count;
    return is_index ? &bus->consumers[index] : NULL;
}

void amqp_content_deliver(struct amqp_bus *bus, const amqp_basic_deliver_t *method)
{
    static const char reply_tag[] = "reply";
    struct amqp_content *content = &bus->content;
    const struct amqp_consumer *consumer = consumer_of(bus, method->consumer_tag);
    bool is_reply = method->consumer_tag.len == strlen(reply_tag) &&
                    memcmp(method->consumer_tag.bytes, reply_tag, strlen(reply_tag)) == 0;
    if (bus->state != AMQP_UP || (consumer == NULL && !is_reply)) {
        amqp_fail(bus, AMQP_BY_PEER, "a delivery for no consumer of ours");
        return;
    }
    content_begin(bus, method->exchange, method->routing_key);
    content->wire_tag = method->delivery_tag;
    content->is_unwanted = !is_reply && consumer->is_cancelled;
    bus->tag = bus->tag_base + method->delivery_tag;
    content->delivery.tag = is_reply ? 0 : bus->tag;
    content->delivery.queue = is_reply ? bus->reply_queue : consumer->queue;
    content->delivery.is_redelivered = method->redelivered != 0;
}

void amqp_content_return(struct amqp_bus *bus, const amqp_basic_return_t *method)
{
    content_begin(bus, method->exchange, method->routing_key);
    bus->content.is_return = true;
}

static void content_finish(struct amqp_bus *bus)
{
    struct amqp_content *content = &bus->content;
    const struct bus_message *message = &content->delivery.message;
    content->awaited = CONTENT_NONE;
    if (content->is_return) {
        amqp_confirms_return(
            bus, amqp_confirms_key(message->exchange, message->routing_key, message->message_id));
        return;
    }
    if (content->is_unwanted) {
        amqp_basic_reject_t reject = {.delivery_tag = content->wire_tag, .requeue = 1};
        amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_REJECT_METHOD, &reject);
        return;
    }
    if (bus->events.on_delivery != NULL) {
        bus->events.on_delivery(bus->owner, &bus->bus, &content->delivery);
    }
    bus_buffer_clear(&content->body);
    bus_buffer_clear(&content->texts);
}

void amqp_content_header(struct amqp_bus *bus, const uint8_t *payload, size_t size)
{
    struct amqp_content *content = &bus->content;
    bool is_basic =
        size >= CONTENT_HEADER_FIXED && payload[0] == 0 && payload[1] == AMQP_BASIC_CLASS;
    if (content->awaited != CONTENT_HEADER || !is_basic) {
        amqp_fail(bus, AMQP_BY_PEER, "a content header out of turn");
        return;
    }
    content->size = 0;
    for (int i = 4; i < CONTENT_HEADER_FIXED; i++) {
        content->size = content->size << 8 | payload[i];
    }
    bool is_too_large = content->size > BUS_BODY_MAX;
    content->is_discarded = is_too_large || content->is_return || content->is_unwanted;
    amqp_properties_decode(content, payload + CONTENT_HEADER_FIXED, size - CONTENT_HEADER_FIXED);
    struct bus_message *message = &content->delivery.message;
    message->is_too_large = is_too_large;
    message->body = is_too_large ? NULL : "";
    message->body_size = content->is_discarded ? 0 : content->size;
    content->awaited = CONTENT_BODY;
    if (content->size == 0) {
        content_finish(bus);
    }
}

void amqp_content_body(struct amqp_bus *bus, const uint8_t *payload, size_t size)
{
    struct amqp_content *content = &bus->content;
    if (content->awaited != CONTENT_BODY || size > content->size - content->received) {
        amqp_fail(bus, AMQP_BY_PEER, "a body frame out of turn");
        return;
    }
    if (!content->is_discarded && size == content->size) {
        content->delivery.message.body = payload; /* in one piece, as most: not copied */
    }
    if (!content->is_discarded && size < content->size) {
        if (content->received == 0) {
            bus_buffer_clear(&content->body);
            bus_buffer_reserve(&content->body, content->size);
        }
        memcpy(content->body.data + content->received, payload, size);
        content->delivery.message.body = content->body.data;
    }
    content->received += size;
    if (content->received == content->size) {
        content_finish(bus);
    }
}
