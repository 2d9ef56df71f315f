/* Channel 0: from the protocol header to connection.open-ok, then alarms and goodbyes. */

#include "common/bus/amqp_internal.h"

#include <string.h>

#include "common/core/clock.h"

enum { SET_UP_MAX_MS = 60 * 1000, RESPONSE_MAX = 2048 };

static amqp_table_entry_t text_entry(const char *name, const char *text)
{
    return (amqp_table_entry_t){
        .key = amqp_cstring_bytes(name),
        .value = {.kind = AMQP_FIELD_KIND_UTF8, .value.bytes = amqp_cstring_bytes(text)},
    };
}

static amqp_table_entry_t true_entry(const char *name)
{
    return (amqp_table_entry_t){
        .key = amqp_cstring_bytes(name),
        .value = {.kind = AMQP_FIELD_KIND_BOOLEAN, .value.boolean = 1},
    };
}

void amqp_handshake_begin(struct amqp_bus *bus)
{
    static const char protocol_header[] = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    bus->state = AMQP_AWAIT_START;
    amqp_output_raw(bus, protocol_header, sizeof(protocol_header));
}

static void send_start_ok(struct amqp_bus *bus)
{
    amqp_table_entry_t capabilities[] = {
        true_entry("publisher_confirms"),           true_entry("consumer_cancel_notify"),
        true_entry("connection.blocked"),           true_entry("basic.nack"),
        true_entry("authentication_failure_close"),
    };
    amqp_table_entry_t properties[] = {
        text_entry("product", "postroom"),
        text_entry("platform", "C"),
        text_entry("connection_name", bus->options.connection_name),
        {
            .key = amqp_cstring_bytes("capabilities"),
            .value = {.kind = AMQP_FIELD_KIND_TABLE,
                      .value.table = {.num_entries = ARRAY_COUNT(capabilities),
                                      .entries = capabilities}},
        },
    };
    /* SASL PLAIN (RFC 4616): NUL user NUL password */
    size_t user_size = strlen(bus->url.user);
    size_t password_size = strlen(bus->url.password);
    char response[RESPONSE_MAX];
    if (user_size + password_size + 2 > sizeof(response)) {
        amqp_fail(bus, AMQP_BY_NETWORK, "user name or password too long");
        return;
    }
    response[0] = '\0';
    memcpy(response + 1, bus->url.user, user_size);
    response[1 + user_size] = '\0';
    memcpy(response + 2 + user_size, bus->url.password, password_size);
    amqp_connection_start_ok_t method = {
        .client_properties = {.num_entries = ARRAY_COUNT(properties), .entries = properties},
        .mechanism = amqp_cstring_bytes("PLAIN"),
        .response = {.bytes = response, .len = user_size + password_size + 2},
        .locale = amqp_cstring_bytes("en_US"),
    };
    amqp_output_method(bus, CHANNEL_CONNECTION, AMQP_CONNECTION_START_OK_METHOD, &method);
    bus->state = AMQP_AWAIT_TUNE;
}

/* 0 means no limit on either side. */
static uint32_t lower_limit(uint32_t ours, uint32_t theirs)
{
    return theirs != 0 && theirs < ours ? theirs : ours;
}

static void answer_tune(struct amqp_bus *bus, const amqp_connection_tune_t *tune)
{
    if (tune->frame_max != 0 && tune->frame_max < AMQP_FRAME_MIN_SIZE) {
        amqp_fail(bus, AMQP_BY_PEER, "the broker wants frames of %u bytes", tune->frame_max);
        return;
    }
    amqp_connection_tune_ok_t tune_ok = {
        .channel_max = (uint16_t)lower_limit(CHANNEL_COUNTS, tune->channel_max),
        .frame_max = lower_limit(FRAME_MAX, tune->frame_max),
        .heartbeat = (uint16_t)lower_limit(bus->options.heartbeat_seconds, tune->heartbeat),
    };
    bus->frame_max = tune_ok.frame_max;
    bus->heartbeat_ms = tune_ok.heartbeat * INT64_C(1000);
    amqp_output_method(bus, CHANNEL_CONNECTION, AMQP_CONNECTION_TUNE_OK_METHOD, &tune_ok);
    amqp_connection_open_t open = {.virtual_host = amqp_cstring_bytes(bus->url.vhost)};
    amqp_output_method(bus, CHANNEL_CONNECTION, AMQP_CONNECTION_OPEN_METHOD, &open);
    bus->state = AMQP_AWAIT_OPEN;
}

static void be_closed(struct amqp_bus *bus, const amqp_connection_close_t *close)
{
    amqp_connection_close_ok_t close_ok = {0};
    amqp_output_method(bus, CHANNEL_CONNECTION, AMQP_CONNECTION_CLOSE_OK_METHOD, &close_ok);
    amqp_io_write(bus);
    /* connection-forced is an operator's doing: a restart, "close connection" in the management
     * pages */
    bool is_error = close->reply_code >= 400;
    amqp_fail(bus, is_error ? AMQP_BY_PEER : AMQP_BY_NETWORK,
              "the broker closed the connection: %u %.*s", close->reply_code,
              (int)close->reply_text.len, (const char *)close->reply_text.bytes);
}

static void be_blocked(struct amqp_bus *bus, const amqp_connection_blocked_t *blocked)
{
    char reason[BUS_SHORT_TEXT_MAX + 1];
    size_t size = blocked->reason.len < sizeof(reason) ? blocked->reason.len : sizeof(reason) - 1;
    memcpy(reason, blocked->reason.bytes, size);
    reason[size] = '\0';
    bool was_blocked = bus->is_blocked;
    bus->is_blocked = true;
    if (!was_blocked && bus->events.on_blocked != NULL) {
        bus->events.on_blocked(bus->owner, &bus->bus, reason);
    }
}

static void be_unblocked(struct amqp_bus *bus)
{
    bool was_blocked = bus->is_blocked;
    bus->is_blocked = false;
    bus->write_wait_ms = 0;
    if (was_blocked && bus->events.on_unblocked != NULL) {
        bus->events.on_unblocked(bus->owner, &bus->bus);
    }
}

void amqp_handshake_method(struct amqp_bus *bus, amqp_method_number_t method, const void *fields)
{
    if (method == AMQP_CONNECTION_START_METHOD && bus->state == AMQP_AWAIT_START) {
        send_start_ok(bus);
        return;
    }
    if (method == AMQP_CONNECTION_TUNE_METHOD && bus->state == AMQP_AWAIT_TUNE) {
        answer_tune(bus, fields);
        return;
    }
    if (method == AMQP_CONNECTION_OPEN_OK_METHOD && bus->state == AMQP_AWAIT_OPEN) {
        bus->state = AMQP_SETTING_UP;
        bus->deadline_ms = clock_monotonic_ms() + SET_UP_MAX_MS;
        amqp_channel_set_up(bus);
        return;
    }
    switch (method) {
    case AMQP_CONNECTION_CLOSE_METHOD:
        be_closed(bus, fields);
        return;
    case AMQP_CONNECTION_CLOSE_OK_METHOD:
        bus->is_close_ok = true;
        return;
    case AMQP_CONNECTION_BLOCKED_METHOD:
        be_blocked(bus, fields);
        return;
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
        be_unblocked(bus);
        return;
    default:
        amqp_fail(bus, AMQP_BY_PEER, "a connection method (0x%08x) out of turn", method);
    }
}
