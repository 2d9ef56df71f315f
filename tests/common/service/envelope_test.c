/* What is read of a message beside its fields, and what is refused. */

#include <string.h>

#include "common/service/envelope.h"
#include "contracts/posts_create.h"
#include "contracts/posts_list.h"
#include "tests/support/check_main.h"

#define MESSAGE_ID "0190a7f0-0000-7000-8000-000000000001"
#define DIGEST "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static struct arena *arena;
static struct problem problem;
static struct envelope envelope;
static struct bus_header headers[4];
static struct bus_message message;

static void setup(void)
{
    arena = arena_new();
    problem = (struct problem){0};
    message =
        (struct bus_message){.message_id = MESSAGE_ID, .reply_to = "answers", .headers = headers};
}

static void teardown(void)
{
    arena_free(arena);
}

static void add_header(struct bus_header header)
{
    headers[message.header_count++] = header;
}

static enum err read_command(void)
{
    return envelope_read(&message, &posts_create_contract, arena, &problem, &envelope);
}

static void expect_refused(const char *field)
{
    expect_err(ERR_INVALID_INPUT, read_command());
    ck_assert_str_eq(problem.errors->field, field);
}

START_TEST(reads_an_ordinary_command)
{
    expect_ok(read_command());

    ck_assert_str_eq(envelope.message_id, MESSAGE_ID);
    ck_assert_str_eq(envelope.correlation_id, MESSAGE_ID);
    ck_assert_str_eq(envelope.reply_to, "answers");
    ck_assert(!envelope.has_user_id);
}
END_TEST

START_TEST(complains_in_the_language_it_names)
{
    message.message_id = NULL;
    add_header(
        (struct bus_header){.name = HEADER_LANGUAGE, .kind = BUS_TEXT, .text = "it, de-AT;q=0.5"});

    expect_refused("message_id");

    ck_assert_str_eq(problem.errors->message, "ist erforderlich");
    ck_assert_int_eq(problem.language, LANGUAGE_DE);
}
END_TEST

START_TEST(reads_every_header)
{
    headers[0] = (struct bus_header){"session", BUS_TEXT, DIGEST, 0};
    headers[1] = (struct bus_header){"new_session", BUS_TEXT, DIGEST, 0};
    headers[2] = (struct bus_header){"client_address", BUS_TEXT, "::1", 0};
    headers[3] = (struct bus_header){"deadline", BUS_INTEGER, NULL, 1700000000000};
    message.header_count = 4;

    expect_ok(read_command());

    ck_assert_str_eq(envelope.session, DIGEST);
    ck_assert_str_eq(envelope.new_session, DIGEST);
    ck_assert_str_eq(envelope.client_address, "::1");
    ck_assert_int_eq(envelope.deadline_ms, 1700000000000);
}
END_TEST

START_TEST(the_reply_carries_the_correlation_id_when_there_is_one)
{
    message.correlation_id = "my request";

    expect_ok(read_command());

    ck_assert_str_eq(envelope.correlation_id, "my request");
}
END_TEST

START_TEST(the_reply_carries_an_empty_correlation_id_too)
{
    message.correlation_id = "";

    expect_ok(read_command());

    ck_assert_pstr_eq(envelope.correlation_id, "");
}
END_TEST

START_TEST(takes_the_beginning_of_time_for_a_deadline)
{
    add_header((struct bus_header){"deadline", BUS_INTEGER, NULL, 0});

    expect_ok(read_command());

    ck_assert_int_ne(envelope.deadline_ms, 0);
    ck_assert_int_lt(envelope.deadline_ms, 1000);
}
END_TEST

START_TEST(a_command_needs_a_message_id)
{
    message.message_id = NULL;

    expect_refused("message_id");
}
END_TEST

START_TEST(a_query_needs_none)
{
    message.message_id = NULL;

    expect_ok(envelope_read(&message, &posts_list_contract, arena, &problem, &envelope));

    ck_assert_str_eq(envelope.message_id, "");
}
END_TEST

START_TEST(refuses_a_message_id_that_is_no_uuid_and_can_still_answer)
{
    message.message_id = "7";

    expect_refused("message_id");

    ck_assert_str_eq(envelope.correlation_id, "7");
    ck_assert_str_eq(envelope.reply_to, "answers");
}
END_TEST

START_TEST(refuses_the_type_of_another_message)
{
    message.type = "posts.delete";

    expect_refused("type");
}
END_TEST

START_TEST(accepts_its_own_type_and_json_with_parameters)
{
    message.type = "posts.create";
    message.content_type = "application/json; charset=utf-8";

    expect_ok(read_command());
}
END_TEST

START_TEST(refuses_another_content_type)
{
    message.content_type = "application/jsonp";

    expect_refused("content_type");
}
END_TEST

START_TEST(refuses_a_user_id_that_is_no_integer)
{
    add_header((struct bus_header){"user_id", BUS_TEXT, "1", 0});

    expect_refused("user_id");
}
END_TEST

START_TEST(refuses_a_user_id_beyond_the_range)
{
    add_header((struct bus_header){"user_id", BUS_INTEGER, NULL, INT64_C(9007199254740992)});

    expect_refused("user_id");
}
END_TEST

START_TEST(refuses_a_session_that_is_no_digest)
{
    add_header((struct bus_header){"session", BUS_TEXT, "the token itself", 0});

    expect_refused("session");
}
END_TEST

START_TEST(refuses_a_user_id_together_with_a_session)
{
    add_header((struct bus_header){"user_id", BUS_INTEGER, NULL, 1});
    add_header((struct bus_header){"session", BUS_TEXT, DIGEST, 0});

    expect_refused("user_id");
}
END_TEST

START_TEST(refuses_a_deadline_of_the_wrong_kind)
{
    add_header((struct bus_header){"deadline", BUS_TEXT, "soon", 0});

    expect_refused("deadline");
}
END_TEST

START_TEST(refuses_a_text_that_is_not_utf8)
{
    add_header((struct bus_header){"language", BUS_TEXT, "\xff\xfe", 0});

    expect_refused("language");
}
END_TEST

START_TEST(leaves_headers_of_others_alone)
{
    add_header((struct bus_header){"x-trace", BUS_OTHER, NULL, 0});

    expect_ok(read_command());
}
END_TEST

START_TEST(says_all_that_is_wrong_at_once)
{
    message.message_id = "7";
    message.type = "posts.delete";
    message.content_type = "text/plain";

    expect_err(ERR_INVALID_INPUT, read_command());

    ck_assert_str_eq(problem.errors->field, "message_id");
    ck_assert_str_eq(problem.errors->next->field, "type");
    ck_assert_str_eq(problem.errors->next->next->field, "content_type");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, reads_an_ordinary_command);
    tcase_add_test(tests, complains_in_the_language_it_names);
    tcase_add_test(tests, reads_every_header);
    tcase_add_test(tests, the_reply_carries_the_correlation_id_when_there_is_one);
    tcase_add_test(tests, the_reply_carries_an_empty_correlation_id_too);
    tcase_add_test(tests, takes_the_beginning_of_time_for_a_deadline);
    tcase_add_test(tests, a_command_needs_a_message_id);
    tcase_add_test(tests, a_query_needs_none);
    tcase_add_test(tests, refuses_a_message_id_that_is_no_uuid_and_can_still_answer);
    tcase_add_test(tests, refuses_the_type_of_another_message);
    tcase_add_test(tests, accepts_its_own_type_and_json_with_parameters);
    tcase_add_test(tests, refuses_another_content_type);
    tcase_add_test(tests, refuses_a_user_id_that_is_no_integer);
    tcase_add_test(tests, refuses_a_user_id_beyond_the_range);
    tcase_add_test(tests, refuses_a_session_that_is_no_digest);
    tcase_add_test(tests, refuses_a_user_id_together_with_a_session);
    tcase_add_test(tests, refuses_a_deadline_of_the_wrong_kind);
    tcase_add_test(tests, refuses_a_text_that_is_not_utf8);
    tcase_add_test(tests, leaves_headers_of_others_alone);
    tcase_add_test(tests, says_all_that_is_wrong_at_once);
}
CHECK_MAIN("service.envelope", add_tests)
