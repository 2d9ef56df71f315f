/* The main channel: set-up, consumers, and what the broker says on it. */

#include "common/bus/amqp_internal.h"

#include <stdio.h>
#include <string.h>

enum { CONSUMER_TAG_MAX = BUS_SHORT_TEXT_MAX + 1 };

/* For people who look at the broker; the number in front is what amqp_content reads. */
static amqp_bytes_t consumer_tag(char ret[CONSUMER_TAG_MAX], const struct amqp_bus *bus,
                                 size_t index)
{
    snprintf(ret, CONSUMER_TAG_MAX, "%zu.%s", index, bus->consumers[index].queue);
    return amqp_cstring_bytes(ret);
}

void amqp_channel_add_consumer(struct amqp_bus *bus, size_t index)
{
    const struct amqp_consumer *consumer = &bus->consumers[index];
    amqp_basic_qos_t qos = {.prefetch_count = (uint16_t)consumer->prefetch};
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_QOS_METHOD, &qos);
    char tag[CONSUMER_TAG_MAX];
    amqp_basic_consume_t consume = {
        .queue = amqp_cstring_bytes(consumer->queue),
        .consumer_tag = consumer_tag(tag, bus, index),
    };
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_CONSUME_METHOD, &consume);
    bus->awaited += 2;
}

void amqp_channel_declare_reply_queue(struct amqp_bus *bus)
{
    amqp_queue_declare_t declare = {.exclusive = 1, .auto_delete = 1};
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_QUEUE_DECLARE_METHOD, &declare);
    bus->is_reply_queue_declared = true;
    bus->awaited++;
}

void amqp_channel_bind_reply_queue(struct amqp_bus *bus)
{
    amqp_queue_bind_t bind = {
        .queue = amqp_cstring_bytes(bus->reply_queue),
        .exchange = amqp_cstring_bytes(bus->reply_exchange),
    };
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_QUEUE_BIND_METHOD, &bind);
    bus->awaited++;
}

static void consume_reply_queue(struct amqp_bus *bus, amqp_bytes_t name)
{
    bus->is_reply_queue_declared = false;
    if (name.len > BUS_SHORT_TEXT_MAX) {
        return;
    }
    memcpy(bus->reply_queue, name.bytes, name.len);
    bus->reply_queue[name.len] = '\0';
    amqp_basic_consume_t consume = {
        .queue = name,
        .consumer_tag = amqp_cstring_bytes("reply"),
        .no_ack = 1,
        .exclusive = 1,
    };
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_CONSUME_METHOD, &consume);
    bus->awaited++;
    if (bus->reply_exchange != NULL) {
        amqp_channel_bind_reply_queue(bus);
    }
}

void amqp_channel_cancel_consumers(struct amqp_bus *bus)
{
    for (size_t i = 0; i < bus->consumer_count; i++) {
        char tag[CONSUMER_TAG_MAX];
        amqp_basic_cancel_t cancel = {.consumer_tag = consumer_tag(tag, bus, i), .nowait = 1};
        if (bus->state == AMQP_UP && !bus->consumers[i].is_cancelled) {
            amqp_output_method(bus, CHANNEL_MAIN, AMQP_BASIC_CANCEL_METHOD, &cancel);
        }
        bus->consumers[i].is_cancelled = true;
    }
}

/* Everything in one go; the broker answers in order. */
void amqp_channel_set_up(struct amqp_bus *bus)
{
    amqp_channel_open_t open = {0};
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_CHANNEL_OPEN_METHOD, &open);
    bus->awaited = 1;
    if (bus->options.has_confirms) {
        amqp_confirm_select_t select = {0};
        amqp_output_method(bus, CHANNEL_MAIN, AMQP_CONFIRM_SELECT_METHOD, &select);
        bus->awaited++;
    }
    if (bus->has_reply_queue) {
        amqp_channel_declare_reply_queue(bus);
    }
    bus->awaited += amqp_topology_declare(bus);
}

/* Consumers start with on_up, so that no delivery comes before it. */
static void come_up(struct amqp_bus *bus)
{
    bus->state = AMQP_UP;
    if (bus->has_reply_queue && bus->reply_queue[0] == '\0') {
        amqp_channel_declare_reply_queue(bus); /* asked for during the set-up */
    }
    for (size_t i = 0; i < bus->consumer_count; i++) {
        if (!bus->consumers[i].is_cancelled) {
            amqp_channel_add_consumer(bus, i);
        }
    }
    if (bus->events.on_up != NULL) {
        bus->events.on_up(bus->owner, &bus->bus);
    }
}

static void count_answer(struct amqp_bus *bus)
{
    if (bus->awaited == 0) {
        amqp_fail(bus, AMQP_BY_PEER, "an answer without a question");
        return;
    }
    bus->awaited--;
    if (bus->awaited == 0 && bus->state == AMQP_SETTING_UP) {
        come_up(bus);
    }
    if (bus->awaited == 0 && bus->state == AMQP_UP) {
        bus->failures = 0;
    }
}

static void be_closed(struct amqp_bus *bus, const amqp_channel_close_t *close)
{
    amqp_channel_close_ok_t close_ok = {0};
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_CHANNEL_CLOSE_OK_METHOD, &close_ok);
    amqp_io_write(bus);
    amqp_fail(bus, AMQP_BY_PEER, "the broker closed the channel: %u %.*s", close->reply_code,
              (int)close->reply_text.len, (const char *)close->reply_text.bytes);
}

static void be_cancelled(struct amqp_bus *bus, const amqp_basic_cancel_t *cancel)
{
    char tag[CONSUMER_TAG_MAX];
    size_t size =
        cancel->consumer_tag.len < sizeof(tag) ? cancel->consumer_tag.len : sizeof(tag) - 1;
    memcpy(tag, cancel->consumer_tag.bytes, size);
    tag[size] = '\0';
    const char *dot = strchr(tag, '.');
    const char *queue = dot == NULL ? bus->reply_queue : dot + 1;
    if (bus->events.on_cancelled != NULL) {
        bus->events.on_cancelled(bus->owner, &bus->bus, queue);
    }
    amqp_fail(bus, AMQP_BY_NETWORK, "the broker ended the consumer %s", tag);
}

static void answer_flow(struct amqp_bus *bus, const amqp_channel_flow_t *flow)
{
    amqp_channel_flow_ok_t flow_ok = {.active = flow->active};
    amqp_output_method(bus, CHANNEL_MAIN, AMQP_CHANNEL_FLOW_OK_METHOD, &flow_ok);
}

static void settle(struct amqp_bus *bus, amqp_method_number_t method, const void *fields)
{
    if (method == AMQP_BASIC_ACK_METHOD) {
        const amqp_basic_ack_t *ack = fields;
        amqp_confirms_settle(bus, ack->delivery_tag, ack->multiple != 0, true);
        return;
    }
    const amqp_basic_nack_t *nack = fields;
    amqp_confirms_settle(bus, nack->delivery_tag, nack->multiple != 0, false);
}

void amqp_channel_method(struct amqp_bus *bus, amqp_method_number_t method, const void *fields)
{
    if (bus->state < AMQP_SETTING_UP || bus->content.awaited != CONTENT_NONE) {
        amqp_fail(bus, AMQP_BY_PEER, "a channel method (0x%08x) out of turn", method);
        return;
    }
    switch (method) {
    case AMQP_BASIC_DELIVER_METHOD:
        amqp_content_deliver(bus, fields);
        return;
    case AMQP_BASIC_RETURN_METHOD:
        amqp_content_return(bus, fields);
        return;
    case AMQP_BASIC_ACK_METHOD:
    case AMQP_BASIC_NACK_METHOD:
        settle(bus, method, fields);
        return;
    case AMQP_QUEUE_DECLARE_OK_METHOD:
        if (bus->is_reply_queue_declared) {
            consume_reply_queue(bus, ((const amqp_queue_declare_ok_t *)fields)->queue);
        }
        count_answer(bus);
        return;
    case AMQP_CHANNEL_OPEN_OK_METHOD:
    case AMQP_CONFIRM_SELECT_OK_METHOD:
    case AMQP_EXCHANGE_DECLARE_OK_METHOD:
    case AMQP_QUEUE_BIND_OK_METHOD:
    case AMQP_BASIC_QOS_OK_METHOD:
    case AMQP_BASIC_CONSUME_OK_METHOD:
        count_answer(bus);
        return;
    case AMQP_BASIC_CANCEL_METHOD:
        be_cancelled(bus, fields);
        return;
    case AMQP_CHANNEL_CLOSE_METHOD:
        be_closed(bus, fields);
        return;
    case AMQP_CHANNEL_FLOW_METHOD:
        answer_flow(bus, fields);
        return;
    default:
        amqp_fail(bus, AMQP_BY_PEER, "a channel method (0x%08x) out of turn", method);
    }
}
