/* Dead letters hold no secret. */

#include "jobs/letter.h"

#include <string.h>

#include "common/core/problem.h"
#include "tests/support/check_main.h"

#define MESSAGE_ID "0b9ffa01-1111-4111-8111-111111111111"
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena *arena;
static struct bus_header headers[8];
static struct bus_message message;
static struct dead_letter letter;

static void set_body(const char *body)
{
    message.body = body;
    message.body_size = strlen(body);
}

static void add_text(const char *name, const char *text)
{
    headers[message.header_count++] =
        (struct bus_header){.name = name, .kind = BUS_TEXT, .text = text};
}

/* A login that the broker gave up. */
static void setup(void)
{
    arena = arena_new();
    message = (struct bus_message){
        .routing_key = "users.login",
        .type = "users.login",
        .message_id = MESSAGE_ID,
        .headers = headers,
    };
    set_body("{\"username\":\"ann@example.com\",\"password\":\"topsecret\"}");
    add_text("x-first-death-queue", "command.users.login");
    add_text("x-first-death-reason", "delivery_limit");
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(says_which_message_died_where_and_why)
{
    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.message_id, MESSAGE_ID);
    ck_assert_str_eq(letter.message, "users.login");
    ck_assert_str_eq(letter.code, "internal");
    ck_assert_str_eq(letter.detail, "the broker gave it up: delivery_limit (command.users.login)");
}
END_TEST

START_TEST(removes_secrets_from_the_body)
{
    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.body, "{\"username\":\"ann@example.com\",\"password\":\"[removed]\"}");
}
END_TEST

START_TEST(keeps_nothing_of_a_body_that_cannot_be_read)
{
    set_body("{\"password\":\"topsecret\"");

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.body, "null");
}
END_TEST

START_TEST(keeps_nothing_of_a_body_that_was_too_large)
{
    message.body = NULL;
    message.body_size = 0;
    message.is_too_large = true;

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.body, "null");
}
END_TEST

START_TEST(keeps_nothing_of_a_body_whose_contract_is_unknown)
{
    message = (struct bus_message){.routing_key = "no.such", .type = "no.such"};
    set_body("{\"password\":\"topsecret\"}");

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.message, "no.such");
    ck_assert_str_eq(letter.body, "null");
}
END_TEST

/* Whoever posts a login under another name must not get its password kept. */
START_TEST(reads_the_body_by_the_queue_it_died_in_and_not_by_its_type)
{
    message.type = "posts.create";

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.message, "users.login");
    ck_assert_ptr_null(strstr(letter.body, "topsecret"));
}
END_TEST

START_TEST(goes_by_the_type_where_the_queue_is_not_known)
{
    message.header_count = 0;

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.message, "users.login");
    ck_assert_ptr_null(strstr(letter.body, "topsecret"));
    ck_assert_str_eq(letter.detail, "the broker gave it up: unknown reason (an unknown queue)");
}
END_TEST

START_TEST(an_expired_message_says_so)
{
    headers[1].text = "expired";

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.code, "expired");
}
END_TEST

START_TEST(keeps_harmless_headers)
{
    headers[message.header_count++] =
        (struct bus_header){.name = "user_id", .kind = BUS_INTEGER, .integer = 7};
    add_text("language", "de, en;q=0.5");

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.headers, "{\"user_id\":7,\"language\":\"de, en;q=0.5\"}");
}
END_TEST

START_TEST(knows_who_acted_by_the_header)
{
    headers[message.header_count++] =
        (struct bus_header){.name = "user_id", .kind = BUS_INTEGER, .integer = 7};
    add_text("session", DIGEST);

    letter_make(&message, arena, &letter);

    ck_assert_int_eq(letter.user_id, 7);
    ck_assert_ptr_null(letter.session);
}
END_TEST

START_TEST(hands_on_the_session_it_came_with_and_nothing_that_is_none)
{
    add_text("session", DIGEST);
    letter_make(&message, arena, &letter);
    ck_assert_str_eq(letter.session, DIGEST);

    headers[message.header_count - 1].text = "nonsense";
    letter_make(&message, arena, &letter);
    ck_assert_ptr_null(letter.session);
}
END_TEST

START_TEST(tells_who_asks_for_its_state_that_it_failed)
{
    letter_make(&message, arena, &letter);

    ck_assert_int_eq(problem_code_of(letter.problem, strlen(letter.problem)), ERR_INTERNAL);
    ck_assert_ptr_null(strstr(letter.problem, "command.users.login"));
    ck_assert(letter.is_final);
}
END_TEST

START_TEST(one_that_came_too_late_may_come_again)
{
    headers[1].text = "expired";

    letter_make(&message, arena, &letter);

    ck_assert(!letter.is_final);
}
END_TEST

START_TEST(keeps_no_session_and_no_header_it_does_not_know)
{
    add_text("session", DIGEST);
    add_text("new_session", DIGEST);
    add_text("authorization", "Bearer topsecret");

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.headers, "{}");
}
END_TEST

START_TEST(keeps_no_header_of_a_kind_or_text_it_cannot_trust)
{
    headers[message.header_count++] = (struct bus_header){.name = "user_id", .kind = BUS_OTHER};
    add_text("language", "\xff\xfe");

    letter_make(&message, arena, &letter);

    ck_assert_str_eq(letter.headers, "{}");
}
END_TEST

START_TEST(a_message_id_that_is_no_uuid_is_none)
{
    message.message_id = "nonsense";

    letter_make(&message, arena, &letter);

    ck_assert_ptr_null(letter.message_id);
}
END_TEST

START_TEST(a_message_without_anything_makes_a_letter_too)
{
    message = (struct bus_message){0};

    letter_make(&message, arena, &letter);

    ck_assert_ptr_null(letter.message_id);
    ck_assert_str_eq(letter.message, "unknown");
    ck_assert_str_eq(letter.body, "null");
    ck_assert_str_eq(letter.headers, "{}");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, says_which_message_died_where_and_why);
    tcase_add_test(tests, removes_secrets_from_the_body);
    tcase_add_test(tests, keeps_nothing_of_a_body_that_cannot_be_read);
    tcase_add_test(tests, keeps_nothing_of_a_body_that_was_too_large);
    tcase_add_test(tests, keeps_nothing_of_a_body_whose_contract_is_unknown);
    tcase_add_test(tests, reads_the_body_by_the_queue_it_died_in_and_not_by_its_type);
    tcase_add_test(tests, goes_by_the_type_where_the_queue_is_not_known);
    tcase_add_test(tests, an_expired_message_says_so);
    tcase_add_test(tests, keeps_harmless_headers);
    tcase_add_test(tests, knows_who_acted_by_the_header);
    tcase_add_test(tests, hands_on_the_session_it_came_with_and_nothing_that_is_none);
    tcase_add_test(tests, tells_who_asks_for_its_state_that_it_failed);
    tcase_add_test(tests, one_that_came_too_late_may_come_again);
    tcase_add_test(tests, keeps_no_session_and_no_header_it_does_not_know);
    tcase_add_test(tests, keeps_no_header_of_a_kind_or_text_it_cannot_trust);
    tcase_add_test(tests, a_message_id_that_is_no_uuid_is_none);
    tcase_add_test(tests, a_message_without_anything_makes_a_letter_too);
}
CHECK_MAIN("scheduler letter", add_tests)
