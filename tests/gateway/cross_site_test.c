/* services/gateway/cross_site.h */

#include "services/gateway/cross_site.h"

#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

static struct request *request;

static void setup(void)
{
    test_gateway_init();
}

static void teardown(void)
{
    request_free(request);
}

struct sender {
    const char *site;   /* Sec-Fetch-Site */
    const char *origin; /* Origin */
    const char *host;
    const char *authorization;
};

static void arrive(const char *method, const struct sender *sender)
{
    const char *const headers[][2] = {{"Sec-Fetch-Site", sender->site},
                                      {"Origin", sender->origin},
                                      {"Host", sender->host},
                                      {"Authorization", sender->authorization}};
    request = test_request(method, "/api/posts");
    for (size_t i = 0; i < 4; i++) {
        if (headers[i][1] != NULL) {
            test_add_header(request, headers[i][0], headers[i][1]);
        }
    }
}

START_TEST(lets_our_own_pages_and_programs_change_things)
{
    static const struct sender senders[] = {
        {NULL, NULL, "localhost:8000", NULL},
        {NULL, NULL, NULL, NULL},
        {"same-origin", NULL, "localhost:8000", NULL},
        {"none", NULL, "localhost:8000", NULL},
        {"same-origin", "http://evil.org", "localhost:8000", NULL},
        {NULL, "http://localhost:8000", "localhost:8000", NULL},
        {NULL, "http://LOCALHOST", "localhost:80", NULL},
        {NULL, "https://example.org", "localhost:8000", NULL},
        {NULL, "https://example.org:443", "localhost:8000", NULL},
        {"cross-site", "http://evil.org", "localhost:8000", "Bearer abc"},
        {NULL, "null", "localhost:8000", "Basic abc"},
        {"cross-site", NULL, "localhost:8000", ""},
    };

    arrive("POST", &senders[_i]);

    expect_ok(cross_site_check(request));
}
END_TEST

START_TEST(refuses_pages_of_other_sites)
{
    static const struct sender senders[] = {
        {"cross-site", NULL, "localhost:8000", NULL},
        {"same-site", NULL, "localhost:8000", NULL},
        {"same-site", "http://localhost:8000", "localhost:8000", NULL},
        {"", NULL, "localhost:8000", NULL},
        {"Same-Origin", NULL, "localhost:8000", NULL},
        {NULL, "http://evil.org", "localhost:8000", NULL},
        {NULL, "http://localhost", "localhost:8000", NULL},
        {NULL, "http://localhost:8001", "localhost:8000", NULL},
        {NULL, "http://example.org", "localhost:8000", NULL},
        {NULL, "https://example.org.evil.org", "localhost:8000", NULL},
        {NULL, "null", "localhost:8000", NULL},
        {NULL, "", "localhost:8000", NULL},
        {NULL, "http://localhost:8000", NULL, NULL},
    };

    arrive("DELETE", &senders[_i]);

    expect_err(ERR_ACCESS_DENIED, cross_site_check(request));
}
END_TEST

START_TEST(lets_anybody_read)
{
    static const char *const methods[] = {"GET", "HEAD"};
    const struct sender sender = {"cross-site", "http://evil.org", "localhost:8000", NULL};

    arrive(methods[_i], &sender);

    expect_ok(cross_site_check(request));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, lets_our_own_pages_and_programs_change_things, 0, 12);
    tcase_add_loop_test(tests, refuses_pages_of_other_sites, 0, 13);
    tcase_add_loop_test(tests, lets_anybody_read, 0, 2);
}
CHECK_MAIN("gateway cross site", add_tests)
