/* The HTTP server of a loop: it gives the loop back its turn, whatever a client does. */

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/gateway/server.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define REQUEST "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"

enum { FLOOD_MAX = 50000, TURNS_MAX = 1000 };

static struct server *server;
static int listen_fd;
static int client;
static int requests;

/* The client has read its responses and sent more by the time that one is at work. */
static void flood(void)
{
    static char responses[64 * 1024];
    while (recv(client, responses, sizeof(responses), MSG_DONTWAIT) > 0) {
    }
    for (int i = 0; i < 4; i++) {
        (void)!send(client, REQUEST, strlen(REQUEST), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

static bool on_head(void *owner, struct request *request)
{
    (void)owner;
    (void)request;
    return true;
}

static void on_request(void *owner, struct request *request)
{
    (void)owner;
    request->response = (struct http_response){.status = 204, .body = ""};
    if (++requests < FLOOD_MAX) {
        flood();
    }
    server_respond(server, request);
}

static void on_done(void *owner, struct request *request)
{
    (void)owner;
    (void)request;
}

static void setup(void)
{
    static const struct server_events events = {on_head, on_request, on_done};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    test_gateway_init();
    requests = 0;
    listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    client = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(listen_fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(listen_fd, 1), 0);
    ck_assert_int_eq(getsockname(listen_fd, (struct sockaddr *)&address, &size), 0);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, size), 0);
    const struct server_options options = {
        .gateway = &test_gateway, .listen_fd = listen_fd, .connections_max = 4};
    server = server_new(&options, &events, NULL);
    ck_assert_ptr_nonnull(server);
}

static void teardown(void)
{
    close(client);
    server_free(server);
    close(listen_fd);
}

START_TEST(a_client_that_never_stops_sending_does_not_keep_the_loop)
{
    flood();

    for (int i = 0; i < TURNS_MAX && requests == 0; i++) {
        server_run(server);
    }

    ck_assert_int_gt(requests, 0);
    ck_assert_int_lt(requests, FLOOD_MAX);
    ck_assert_int_eq(server_timeout_ms(server), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_client_that_never_stops_sending_does_not_keep_the_loop);
}
CHECK_MAIN("gateway.server", add_tests)
