/* The bus over AMQP, on a RabbitMQ: the common suite, and what only a real broker shows. */

#include "common/bus/amqp_bus.h"

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_client.h"
#include "bus_suite.h"
#include "bus_world.h"
#include "support/broker.h"
#include "support/check_main.h"

struct bus_world {
    struct broker *broker;
};

struct bus_world *bus_world_new(void)
{
    struct bus_world *made = malloc(sizeof(*made));
    made->broker = broker_new();
    return made;
}

void bus_world_free(struct bus_world *world)
{
    broker_free(world->broker);
    free(world);
}

static struct bus *connect_to(const char *url, const char *name, const struct topology *topology,
                              const struct bus_events *events, void *owner)
{
    const struct amqp_bus_options options = {
        .url = url,
        .connection_name = name,
        .topology = topology,
        .heartbeat_seconds = 10,
        .has_confirms = true,
    };
    return amqp_bus_new(&options, events, owner);
}

struct bus *bus_world_connect(struct bus_world *world, const char *name,
                              const struct topology *topology, const struct bus_events *events,
                              void *owner)
{
    return connect_to(broker_url(world->broker), name, topology, events, owner);
}

bool bus_world_disconnect(struct bus_world *world, struct bus *bus, const char *name)
{
    (void)bus;
    return broker_close_connection(world->broker, name) != 0;
}

void bus_world_delete_queue(struct bus_world *world, const char *queue)
{
    broker_delete_queue(world->broker, queue);
}

static const struct bus_argument arguments[] = {{"x-max-length", NULL, 100}};
static struct bus_queue queues[] = {{"query.test", arguments, 1, NULL, NULL}};
static const struct topology topology = {NULL, 0, queues, 1};

static struct bus_world *world;
static struct client *client;
static amqp_connection_state_t stranger; /* publishes what our own bus would not */

static void setup(void)
{
    world = bus_world_new();
    client = client_new("client");
    client->is_acking = true;
    client->bus = bus_world_connect(world, "client", &topology, &client_events, client);
    bus_add_consumer(client->bus, "query.test", 100);
    await(client, NULL, bus_is_up(client->bus));
}

static void teardown(void)
{
    client_free(client);
    bus_world_free(world);
}

static void setup_stranger(void)
{
    setup();
    struct amqp_connection_info info;
    char *url = strdup(broker_url(world->broker));
    ck_assert_int_eq(amqp_parse_url(url, &info), AMQP_STATUS_OK);
    stranger = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(stranger);
    ck_assert_int_eq(amqp_socket_open(socket, info.host, info.port), AMQP_STATUS_OK);
    amqp_rpc_reply_t reply = amqp_login(stranger, info.vhost, 0, 131072, 0, AMQP_SASL_METHOD_PLAIN,
                                        info.user, info.password);
    ck_assert_int_eq(reply.reply_type, AMQP_RESPONSE_NORMAL);
    ck_assert_ptr_nonnull(amqp_channel_open(stranger, 1));
    free(url);
}

static void teardown_stranger(void)
{
    amqp_destroy_connection(stranger);
    teardown();
}

static void publish_as_stranger(const amqp_basic_properties_t *properties)
{
    ck_assert_int_eq(amqp_basic_publish(stranger, 1, amqp_empty_bytes,
                                        amqp_cstring_bytes("query.test"), 0, 0, properties,
                                        amqp_cstring_bytes("{}")),
                     AMQP_STATUS_OK);
    await(client, NULL, client->delivery_count == 1);
}

static amqp_table_entry_t entry(const char *name, uint8_t kind)
{
    return (amqp_table_entry_t){.key = amqp_cstring_bytes(name), .value.kind = kind};
}

START_TEST(reads_integers_of_every_kind)
{
    amqp_table_entry_t entries[] = {
        entry("b", AMQP_FIELD_KIND_I8),  entry("B", AMQP_FIELD_KIND_U8),
        entry("s", AMQP_FIELD_KIND_I16), entry("u", AMQP_FIELD_KIND_U16),
        entry("I", AMQP_FIELD_KIND_I32), entry("i", AMQP_FIELD_KIND_U32),
        entry("l", AMQP_FIELD_KIND_I64),
    };
    entries[0].value.value.i8 = -128;
    entries[1].value.value.u8 = 255;
    entries[2].value.value.i16 = -32768;
    entries[3].value.value.u16 = 65535;
    entries[4].value.value.i32 = INT32_MIN;
    entries[5].value.value.u32 = UINT32_MAX;
    entries[6].value.value.i64 = INT64_MIN;
    const int64_t expected[] = {-128, 255, -32768, 65535, INT32_MIN, UINT32_MAX, INT64_MIN};
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_HEADERS_FLAG,
        .headers = {.num_entries = ARRAY_COUNT(entries), .entries = entries},
    };

    publish_as_stranger(&properties);

    ck_assert_uint_eq(client->deliveries[0].delivery.message.header_count, ARRAY_COUNT(entries));
    for (size_t i = 0; i < ARRAY_COUNT(entries); i++) {
        ck_assert_int_eq(client->deliveries[0].headers[i].kind, BUS_INTEGER);
        ck_assert_int_eq(client->deliveries[0].headers[i].integer, expected[i]);
    }
    ck_assert(!client->deliveries[0].delivery.message.is_malformed);
}
END_TEST

START_TEST(tells_values_of_other_kinds)
{
    amqp_table_entry_t inner = entry("inner", AMQP_FIELD_KIND_VOID);
    amqp_table_entry_t entries[] = {
        entry("table", AMQP_FIELD_KIND_TABLE), entry("timestamp", AMQP_FIELD_KIND_TIMESTAMP),
        entry("double", AMQP_FIELD_KIND_F64),  entry("nothing", AMQP_FIELD_KIND_VOID),
        entry("bytes", AMQP_FIELD_KIND_BYTES), entry("nul", AMQP_FIELD_KIND_UTF8),
        entry("array", AMQP_FIELD_KIND_ARRAY), entry("text", AMQP_FIELD_KIND_UTF8),
    };
    entries[0].value.value.table = (amqp_table_t){.num_entries = 1, .entries = &inner};
    entries[4].value.value.bytes = amqp_cstring_bytes("bytes");
    entries[5].value.value.bytes = (amqp_bytes_t){.len = 3, .bytes = "a\0b"};
    entries[6].value.value.array = (amqp_array_t){.num_entries = 1, .entries = &inner.value};
    entries[7].value.value.bytes = amqp_cstring_bytes("after all these");
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG,
        .headers = {.num_entries = ARRAY_COUNT(entries), .entries = entries},
        .message_id = amqp_cstring_bytes("id"),
    };

    publish_as_stranger(&properties);

    for (size_t i = 0; i < 7; i++) {
        ck_assert_int_eq(client->deliveries[0].headers[i].kind, BUS_OTHER);
    }
    ck_assert_int_eq(client->deliveries[0].headers[7].kind, BUS_TEXT);
    ck_assert_str_eq(client->deliveries[0].headers[7].text, "after all these");
    ck_assert_str_eq(client->deliveries[0].delivery.message.message_id, "id");
}
END_TEST

START_TEST(marks_a_property_with_a_nul_inside)
{
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_TYPE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG,
        .type = {.len = 5, .bytes = "ab\0cd"},
        .message_id = amqp_cstring_bytes("id"),
    };

    publish_as_stranger(&properties);

    ck_assert(client->deliveries[0].delivery.message.is_malformed);
    ck_assert_str_eq(client->deliveries[0].delivery.message.type, "");
    ck_assert_str_eq(client->deliveries[0].delivery.message.message_id, "id");
}
END_TEST

START_TEST(marks_a_message_with_too_many_headers)
{
    amqp_table_entry_t entries[BUS_HEADERS_MAX + 1];
    for (size_t i = 0; i < ARRAY_COUNT(entries); i++) {
        entries[i] = entry("h", AMQP_FIELD_KIND_VOID);
    }
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_HEADERS_FLAG,
        .headers = {.num_entries = ARRAY_COUNT(entries), .entries = entries},
    };

    publish_as_stranger(&properties);

    ck_assert(client->deliveries[0].delivery.message.is_malformed);
    ck_assert_uint_eq(client->deliveries[0].delivery.message.header_count, BUS_HEADERS_MAX);
}
END_TEST

START_TEST(steps_over_tables_nested_as_deep_as_a_frame_allows)
{
    enum { DEPTH = 2000 };
    static amqp_table_entry_t nested[DEPTH];
    for (size_t i = 0; i < DEPTH; i++) {
        nested[i] = entry("n", i + 1 < DEPTH ? AMQP_FIELD_KIND_TABLE : AMQP_FIELD_KIND_VOID);
        if (i + 1 < DEPTH) {
            nested[i].value.value.table =
                (amqp_table_t){.num_entries = 1, .entries = &nested[i + 1]};
        }
    }
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_HEADERS_FLAG,
        .headers = {.num_entries = 1, .entries = nested},
    };

    publish_as_stranger(&properties);

    ck_assert_int_eq(client->deliveries[0].headers[0].kind, BUS_OTHER);
    ck_assert(!client->deliveries[0].delivery.message.is_malformed);
}
END_TEST

/* RabbitMQ takes equal integers of another kind for the same argument: what pika declared we may
 * declare, too. */
START_TEST(declares_what_others_declared_with_another_integer_kind)
{
    amqp_table_entry_t entries[] = {
        entry("x-queue-type", AMQP_FIELD_KIND_UTF8),
        entry("x-delivery-limit", AMQP_FIELD_KIND_I64),
        entry("x-max-length", AMQP_FIELD_KIND_I64),
    };
    entries[0].value.value.bytes = amqp_cstring_bytes("quorum");
    entries[1].value.value.i64 = 20;
    entries[2].value.value.i64 = 100000;
    amqp_table_t table = {.num_entries = ARRAY_COUNT(entries), .entries = entries};
    ck_assert_ptr_nonnull(
        amqp_queue_declare(stranger, 1, amqp_cstring_bytes("command.other"), 0, 1, 0, 0, table));
    const struct bus_argument ours[] = {{"x-queue-type", "quorum", 0},
                                        {"x-delivery-limit", NULL, 20},
                                        {"x-max-length", NULL, 100000}};
    struct bus_queue other[] = {{"command.other", ours, 3, NULL, NULL}};
    const struct topology others = {NULL, 0, other, 1};
    struct client *second = client_new("second");
    second->bus = bus_world_connect(world, "second", &others, &client_events, second);

    await(second, NULL, second->ups + second->downs > 0);

    ck_assert_msg(second->ups == 1, "%s", second->down_reason);
    client_free(second);
}
END_TEST

static struct client *fails_to_connect_to(const char *url)
{
    struct client *failing = client_new("failing");
    failing->bus = connect_to(url, "failing", NULL, &client_events, failing);
    await(failing, NULL, failing->downs + failing->ups > 0);
    ck_assert_uint_eq(failing->ups, 0);
    return failing;
}

static char *url_with(const char *credentials, const char *vhost)
{
    const char *at = strrchr(broker_url(world->broker), '@');
    char *url = NULL;
    ck_assert_int_ge(
        asprintf(&url, "amqp://%s@%.*s/%s", credentials, (int)strcspn(at + 1, "/"), at + 1, vhost),
        0);
    return url;
}

START_TEST(is_told_why_its_password_is_refused)
{
    char *url = url_with("nobody:wrong", "%2F");

    struct client *failing = fails_to_connect_to(url);

    ck_assert(failing->is_down_by_peer);
    ck_assert_ptr_nonnull(strstr(failing->down_reason, "ACCESS_REFUSED"));
    client_free(failing);
    free(url);
}
END_TEST

START_TEST(is_told_that_a_virtual_host_is_missing)
{
    const char *authority = strstr(broker_url(world->broker), "://") + 3;
    char *credentials = strndup(authority, strcspn(authority, "@"));
    char *url = url_with(credentials, "no.such.vhost");

    struct client *failing = fails_to_connect_to(url);

    ck_assert(failing->is_down_by_peer);
    ck_assert_ptr_nonnull(strstr(failing->down_reason, "no.such.vhost"));
    client_free(failing);
    free(url);
    free(credentials);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("AMQP bus");
    suite_add_tcase(suite, bus_suite_new());
    TCase *strange = tcase_create("strangers");
    tcase_set_timeout(strange, 60);
    tcase_add_checked_fixture(strange, setup_stranger, teardown_stranger);
    tcase_add_test(strange, reads_integers_of_every_kind);
    tcase_add_test(strange, tells_values_of_other_kinds);
    tcase_add_test(strange, marks_a_property_with_a_nul_inside);
    tcase_add_test(strange, marks_a_message_with_too_many_headers);
    tcase_add_test(strange, steps_over_tables_nested_as_deep_as_a_frame_allows);
    tcase_add_test(strange, declares_what_others_declared_with_another_integer_kind);
    suite_add_tcase(suite, strange);
    TCase *refused = tcase_create("refused");
    tcase_set_timeout(refused, 60);
    tcase_add_checked_fixture(refused, setup, teardown);
    tcase_add_test(refused, is_told_why_its_password_is_refused);
    tcase_add_test(refused, is_told_that_a_virtual_host_is_missing);
    suite_add_tcase(suite, refused);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
