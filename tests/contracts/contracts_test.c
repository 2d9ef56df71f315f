/* What is generated from Postroom's own contracts. */

#include <string.h>

#include "common/contract/event.h"
#include "common/core/clock.h"
#include "common/core/outgoing.h"
#include "contracts/admin_list_posts.h"
#include "contracts/posts_created.h"
#include "contracts/posts_list.h"
#include "contracts/posts_update.h"
#include "contracts/routes.h"
#include "contracts/users_register.h"
#include "contracts/users_send_registration_notification.h"
#include "tests/support/check_main.h"

static struct arena *arena;
static struct ctx ctx;

static void setup(void)
{
    arena = arena_new();
    ctx_init(&ctx, arena, NULL, NULL);
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(finds_every_contract_by_its_name)
{
    ck_assert_uint_gt(contract_count, 0);
    for (size_t i = 0; i < contract_count; i++) {
        const char *name = contracts[i]->name;
        ck_assert_ptr_eq(contract_find(name, strlen(name)), contracts[i]);
        ck_assert(i == 0 || strcmp(contracts[i - 1]->name, name) < 0);
    }
}
END_TEST

START_TEST(finds_no_contract_of_another_name)
{
    ck_assert_ptr_null(contract_find("", 0));
    ck_assert_ptr_null(contract_find("posts", 5));
    ck_assert_ptr_null(contract_find("posts.creat", 11));
    ck_assert_ptr_null(contract_find("posts.create\0x", 14));
    ck_assert_ptr_null(contract_find("zzz", 3));
    ck_assert_ptr_eq(contract_find("posts.created and more", 13), &posts_created_contract);
}
END_TEST

START_TEST(says_what_the_contract_says)
{
    ck_assert_str_eq(users_register_contract.exchange, "postroom.commands");
    ck_assert_str_eq(users_register_contract.queue, "command.users.register");
    ck_assert_int_eq(users_register_contract.pool, POOL_PASSWORD);
    ck_assert_int_eq(admin_list_posts_contract.pool, POOL_SEARCH);
    ck_assert_int_eq(posts_list_contract.pool, POOL_DEFAULT);
    ck_assert_int_eq(users_register_contract.session, SESSION_STARTS);
    ck_assert_uint_eq(users_register_contract.error_count, 1);
    ck_assert_int_eq(users_register_contract.errors[0], ERR_USER_ALREADY_EXISTS);
    ck_assert_int_eq(posts_update_contract.caller, CALLER_USER);
    ck_assert(users_send_registration_notification_contract.is_background);
    ck_assert_str_eq(posts_list_contract.queue, "query.posts.list");
    ck_assert_ptr_null(posts_created_contract.queue);
    ck_assert_ptr_null(posts_created_contract.result);
}
END_TEST

START_TEST(describes_every_struct_consistently)
{
    for (size_t i = 0; i < contract_count; i++) {
        const struct json_object *objects[] = {contracts[i]->input, contracts[i]->result};
        for (size_t j = 0; j < 2 && objects[j] != NULL; j++) {
            for (size_t k = 0; k < objects[j]->field_count; k++) {
                const struct json_field *field = &objects[j]->fields[k];
                ck_assert_uint_eq(field->index, k);
                ck_assert_uint_eq(field->name_size, strlen(field->name));
                ck_assert_uint_lt(field->offset, objects[j]->size);
            }
        }
    }
}
END_TEST

START_TEST(knows_the_texts_of_an_enum)
{
    enum post_status status = POST_STATUS_DRAFT;

    ck_assert(post_status_parse("published", &status));
    ck_assert_int_eq(status, POST_STATUS_PUBLISHED);
    ck_assert(!post_status_parse("Draft", &status));
    ck_assert_int_eq(status, POST_STATUS_PUBLISHED);
    ck_assert_str_eq(post_status_text(POST_STATUS_DRAFT), "draft");
    ck_assert_str_eq(post_status_text((enum post_status)0), "");
    ck_assert_str_eq(post_status_text((enum post_status)3), "");
}
END_TEST

START_TEST(sends_a_command)
{
    users_send_registration_notification_send(
        &ctx, &(struct users_send_registration_notification_command){.user_id = 7});

    ck_assert_ptr_eq(ctx.outgoing->contract, &users_send_registration_notification_contract);
    ck_assert_str_eq(ctx.outgoing->body.data, "{\"user_id\":7}");
    ck_assert_ptr_null(ctx.outgoing->next);
}
END_TEST

START_TEST(publishes_an_event_as_a_cloud_event)
{
    struct posts_created_event event = {
        .post = {.id = 1,
                 .title = "Hello",
                 .content = "World",
                 .status = POST_STATUS_DRAFT,
                 .author = {.id = 2, .email = "ann@example.org"}},
    };
    ctx.now_us = INT64_C(1706702400000000);

    posts_created_publish(&ctx, &event);

    const char *expected =
        arena_printf(arena,
                     "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"urn:postroom\","
                     "\"type\":\"posts.created\",\"time\":\"2024-01-31T12:00:00.000000Z\","
                     "\"datacontenttype\":\"application/json\",\"data\":{\"post\":{\"id\":1,"
                     "\"title\":\"Hello\",\"content\":\"World\",\"status\":\"draft\","
                     "\"created_at\":\"1970-01-01T00:00:00.000000Z\","
                     "\"updated_at\":\"1970-01-01T00:00:00.000000Z\","
                     "\"author\":{\"id\":2,\"email\":\"ann@example.org\"}}}}",
                     ctx.outgoing->message_id);
    ck_assert_str_eq(ctx.outgoing->body.data, expected);
    expect_ok(json_check(ctx.outgoing->body.data, ctx.outgoing->body.size, arena, NULL));
}
END_TEST

/* Decode an input; what is wrong with its first field in error, "" when nothing is. */
static const char *first_error(const struct contract *contract, const char *json)
{
    void *input = arena_alloc(arena, contract->input->size);
    ctx.problem = (struct problem){.err = OK};
    enum err err = json_decode(contract->input, json, strlen(json), arena, &ctx.problem, input);
    if (err == OK) {
        return "";
    }
    return arena_printf(arena, "%s: %s", ctx.problem.errors->field, ctx.problem.errors->message);
}

static const char *first_error_of_registration(const char *email, const char *password)
{
    return first_error(&users_register_contract,
                       arena_printf(arena,
                                    "{\"email\":\"%s\",\"password1\":\"%s\",\"password2\":\"\"}",
                                    email, password));
}

START_TEST(holds_registration_to_its_rules)
{
    ck_assert_str_eq(first_error_of_registration("a@b.org", "12345678"), "");
    ck_assert_str_eq(first_error_of_registration("a@b.org", "1234567"),
                     "password1: must be at least 8 characters long");
    ck_assert_str_eq(first_error_of_registration("a@b", "12345678"),
                     "email: must be an e-mail address");
}
END_TEST

START_TEST(asks_for_something_to_update)
{
    ck_assert_str_eq(first_error(&posts_update_contract, "{\"post_id\":1}"),
                     "body: must have at least one of: title, content, status");
    ck_assert_str_eq(first_error(&posts_update_contract, "{\"post_id\":1,\"title\":\"x\"}"), "");
    ck_assert_str_eq(first_error(&posts_update_contract, "{\"title\":\"x\"}"),
                     "post_id: is required");
}
END_TEST

START_TEST(gives_lists_their_default_length)
{
    struct posts_list_query query = {.has_limit = false};

    expect_ok(json_decode(posts_list_contract.input, "{}", 2, arena, &ctx.problem, &query));

    ck_assert_int_eq(query.limit, 20);
    ck_assert(!query.has_author);
}
END_TEST

static const struct http_binding *find_binding(const struct contract *contract)
{
    for (size_t i = 0; i < http_binding_count; i++) {
        if (http_bindings[i].contract == contract) {
            return &http_bindings[i];
        }
    }
    return NULL;
}

START_TEST(binds_messages_to_http)
{
    const struct http_binding *update = find_binding(&posts_update_contract);
    ck_assert_int_eq(update->method, HTTP_PATCH);
    ck_assert_str_eq(update->path, "/api/posts/{post_id}");
    ck_assert_str_eq(update->path_fields->fields[0].name, "post_id");
    ck_assert_uint_eq(update->body_fields->field_count, 3);
    ck_assert_uint_eq(update->body_fields->fields[0].index, 1);
    ck_assert_str_eq(update->shown_field, "post");
    ck_assert(update->is_shown_whole);
    const struct http_binding *list = find_binding(&posts_list_contract);
    ck_assert(!list->is_shown_whole);
    ck_assert_uint_eq(list->shown->field_count, 4);
    ck_assert_str_eq(list->next_cursor_field, "next_cursor");
    ck_assert_ptr_null(find_binding(&users_send_registration_notification_contract));
}
END_TEST

START_TEST(joins_path_and_body_of_a_request)
{
    const struct http_binding *update = find_binding(&posts_update_contract);
    struct posts_update_command command = {.title = NULL};
    uint64_t seen = 0;

    expect_ok(json_set_text(&update->path_fields->fields[0], "42", 2, arena, &ctx.problem, &seen,
                            &command));
    expect_ok(json_decode_part(update->body_fields, "{\"title\":\"x\"}", 13, arena, &ctx.problem,
                               &seen, &command));
    expect_ok(json_complete(posts_update_contract.input, arena, &ctx.problem, seen, &command));

    ck_assert_int_eq(command.post_id, 42);
    ck_assert_str_eq(command.title, "x");
    ck_assert_ptr_null(command.content);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, finds_every_contract_by_its_name);
    tcase_add_test(tests, finds_no_contract_of_another_name);
    tcase_add_test(tests, says_what_the_contract_says);
    tcase_add_test(tests, describes_every_struct_consistently);
    tcase_add_test(tests, knows_the_texts_of_an_enum);
    tcase_add_test(tests, sends_a_command);
    tcase_add_test(tests, publishes_an_event_as_a_cloud_event);
    tcase_add_test(tests, holds_registration_to_its_rules);
    tcase_add_test(tests, asks_for_something_to_update);
    tcase_add_test(tests, gives_lists_their_default_length);
    tcase_add_test(tests, binds_messages_to_http);
    tcase_add_test(tests, joins_path_and_body_of_a_request);
}
CHECK_MAIN("contracts", add_tests)
