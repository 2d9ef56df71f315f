/* services/gateway/traffic.h */

#include "services/gateway/traffic.h"

#include <stdio.h>
#include <string.h>

#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

enum { ROUTES = 200 };

static char routes[ROUTES][16];
static struct traffic *traffic;
static struct request *request;

static void setup(void)
{
    test_gateway_init();
    traffic = traffic_new();
    request = test_request("GET", "/");
    for (int i = 0; i < ROUTES; i++) {
        (void)snprintf(routes[i], sizeof(routes[i]), "/%d/", i);
    }
}

static void teardown(void)
{
    request_free(request);
    traffic_free(traffic);
}

static void note(const char *method, const char *route, int status)
{
    request->http.method = method;
    request->route = route;
    request->response.status = status;
    traffic_note(traffic, request);
}

static void expect_sample(const char *sample)
{
    struct buffer text;
    buffer_init(&text, request->arena);
    traffic_write(&traffic, 1, &text);
    if (strstr(text.data, sample) == NULL) {
        ck_abort_msg("no %s in:\n%s", sample, text.data);
    }
}

START_TEST(counts_by_method_route_and_status)
{
    note("GET", routes[0], 200);
    note("GET", routes[0], 200);
    note("POST", routes[0], 302);

    expect_sample("{method=\"GET\",route=\"/0/\",status=\"200\"} 2");
    expect_sample("{method=\"POST\",route=\"/0/\",status=\"302\"} 1");
}
END_TEST

START_TEST(strangers_do_not_fill_the_table)
{
    static const char *const methods[] = {"HEAD", "POST", "PATCH", "DELETE", "BREW"};
    for (int i = 0; i < ROUTES; i++) {
        for (size_t j = 0; j < ARRAY_COUNT(methods); j++) {
            note(methods[j], routes[i], 405);
        }
    }

    for (int i = 0; i < ROUTES; i++) {
        note("GET", routes[i], 200);
        note("HEAD", routes[i], 200);
        note("POST", routes[i], 302);
    }

    expect_sample("{method=\"other\",route=\"/0/\",status=\"405\"} 5");
    expect_sample("{method=\"POST\",route=\"/199/\",status=\"302\"} 1");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, counts_by_method_route_and_status);
    tcase_add_test(tests, strangers_do_not_fill_the_table);
}
CHECK_MAIN("traffic", add_tests)
