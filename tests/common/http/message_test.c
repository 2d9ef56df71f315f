/* common/http/message.h */

#include "common/http/message.h"

#include <string.h>

#include "tests/support/check_main.h"

static struct http_header headers[4];
static struct http_request request;

static void setup(void)
{
    request = (struct http_request){.headers = headers};
}

static void add(const char *name, const char *value)
{
    headers[request.header_count++] =
        (struct http_header){.name = name, .name_size = strlen(name), .value = value};
}

START_TEST(finds_the_first_header_in_any_case_of_letters)
{
    add("X-Other", "0");
    add("content-TYPE", "1");
    add("Content-Type", "2");

    ck_assert_str_eq(http_request_header(&request, "Content-Type"), "1");
    ck_assert_ptr_null(http_request_header(&request, "Content"));
}
END_TEST

START_TEST(finds_in_a_response_what_was_added)
{
    struct http_response response = {0};

    http_response_add(&response, "Allow", "GET");

    ck_assert_str_eq(http_response_header(&response, "allow"), "GET");
}
END_TEST

START_TEST(takes_a_length_and_a_host_for_clear)
{
    add("Host", "a");
    add("Content-Length", "1");

    ck_assert(!http_request_is_ambiguous(&request));
}
END_TEST

START_TEST(takes_a_body_in_chunks_for_clear)
{
    add("Transfer-Encoding", "Chunked");

    ck_assert(!http_request_is_ambiguous(&request));
}
END_TEST

START_TEST(notices_a_body_whose_end_cannot_be_known)
{
    static const char *const codings[] = {"", "gzip, chunked", "identity", "chunked, gzip"};
    add("Transfer-Encoding", codings[_i]);

    ck_assert(http_request_is_ambiguous(&request));
}
END_TEST

START_TEST(misses_a_host_only_where_one_is_required)
{
    ck_assert(!http_request_is_ambiguous(&request));

    request.is_host_required = true;
    ck_assert(http_request_is_ambiguous(&request));

    add("Host", "");
    ck_assert(!http_request_is_ambiguous(&request));
}
END_TEST

START_TEST(notices_headers_that_contradict_each_other)
{
    static const char *const names[][2] = {{"Content-Length", "content-length"},
                                           {"Transfer-Encoding", "Content-Length"},
                                           {"Transfer-Encoding", "Transfer-Encoding"},
                                           {"Host", "HOST"}};
    add(names[_i][0], "1");
    add(names[_i][1], "2");

    ck_assert(http_request_is_ambiguous(&request));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, finds_the_first_header_in_any_case_of_letters);
    tcase_add_test(tests, finds_in_a_response_what_was_added);
    tcase_add_test(tests, takes_a_length_and_a_host_for_clear);
    tcase_add_test(tests, takes_a_body_in_chunks_for_clear);
    tcase_add_loop_test(tests, notices_a_body_whose_end_cannot_be_known, 0, 4);
    tcase_add_test(tests, misses_a_host_only_where_one_is_required);
    tcase_add_loop_test(tests, notices_headers_that_contradict_each_other, 0, 4);
}
CHECK_MAIN("http message", add_tests)
