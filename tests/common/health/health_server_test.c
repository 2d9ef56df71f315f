/* The port of a process, asked over a socket. */

#include "common/health/health_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/core/log.h"
#include "tests/support/check_main.h"

enum { PATIENCE_MS = 20000 };

static struct {
    bool is_alive;
    bool is_ready;
} told;
static struct health_server *server;
static char address[LISTENER_ADDRESS_SIZE];
static char answer[4096];

static bool is_alive(void *owner)
{
    (void)owner;
    return told.is_alive;
}

static bool is_ready(void *owner)
{
    (void)owner;
    return told.is_ready;
}

static void write_metrics(void *owner, struct buffer *buffer)
{
    (void)owner;
    buffer_append_text(buffer, "a_total 1\n");
}

static const struct health_source source = {
    .is_alive = is_alive, .is_ready = is_ready, .write_metrics = write_metrics};

static void setup(void)
{
    log_configure("test", LOG_FORMAT_TEXT, LOG_ERROR);
    told.is_alive = told.is_ready = true;
    server = health_server_start("127.0.0.1:0", &source);
    health_server_address(server, address);
}

static void teardown(void)
{
    health_server_stop(server);
}

static int connect_to_server(void)
{
    struct sockaddr_in place = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons((uint16_t)atoi(strrchr(address, ':') + 1))};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&place, sizeof(place)), 0);
    return fd;
}

/* The whole answer to a request, into `answer`. */
static void ask(const char *method, const char *path)
{
    char request[256];
    size_t size = 0;
    ssize_t got;
    int fd = connect_to_server();
    int length = snprintf(request, sizeof(request), "%s %s HTTP/1.0\r\n\r\n", method, path);
    ck_assert_int_eq(send(fd, request, (size_t)length, MSG_NOSIGNAL), length);
    do {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        ck_assert_int_eq(poll(&wait, 1, PATIENCE_MS), 1);
        got = recv(fd, answer + size, sizeof(answer) - 1 - size, 0);
        size += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    answer[size] = '\0';
    close(fd);
}

static void expect(const char *text)
{
    ck_assert_msg(strstr(answer, text) != NULL, "no \"%s\" in:\n%s", text, answer);
}

START_TEST(says_that_it_is_well)
{
    ask("GET", "/healthz");
    expect(" 200 ");
    expect("\r\n\r\nok\n");

    ask("GET", "/readyz");
    expect(" 200 ");
}
END_TEST

START_TEST(says_what_is_not)
{
    told.is_ready = false;
    ask("GET", "/readyz");
    expect(" 503 ");
    ask("GET", "/healthz");
    expect(" 200 ");

    told.is_alive = false;
    ask("GET", "/healthz");
    expect(" 503 ");
}
END_TEST

START_TEST(shows_the_metrics)
{
    ask("GET", "/metrics");

    expect(" 200 ");
    expect("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    expect("\r\n\r\na_total 1\n");
}
END_TEST

START_TEST(answers_head_without_a_body)
{
    ask("HEAD", "/metrics");

    expect(" 200 ");
    expect("Content-Length: 10\r\n");
    ck_assert_ptr_null(strstr(answer, "a_total"));
}
END_TEST

START_TEST(has_nothing_else)
{
    ask("GET", "/");
    expect(" 404 ");
    ask("GET", "/metrics/../etc/passwd");
    expect(" 404 ");
    ask("POST", "/healthz");
    expect(" 405 ");
    expect("Allow: GET, HEAD\r\n");
}
END_TEST

START_TEST(goes_on_answering_others_while_some_say_nothing)
{
    int silent[3];
    for (size_t i = 0; i < ARRAY_COUNT(silent); i++) {
        silent[i] = connect_to_server();
    }

    ask("GET", "/healthz");
    expect(" 200 ");

    for (size_t i = 0; i < ARRAY_COUNT(silent); i++) {
        close(silent[i]);
    }
}
END_TEST

START_TEST(may_have_no_port)
{
    ck_assert_ptr_null(health_server_start("", &source));
}
END_TEST

START_TEST(says_why_there_is_no_listening)
{
    const char *reason = "";

    ck_assert_int_eq(listener_open("nowhere", 1, &reason), -1);
    ck_assert_str_eq(reason, "it is not host:port");
    ck_assert_int_eq(listener_open(address, 1, &reason), -1);
    ck_assert_str_eq(reason, "Address already in use");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, says_that_it_is_well);
    tcase_add_test(tests, says_what_is_not);
    tcase_add_test(tests, shows_the_metrics);
    tcase_add_test(tests, answers_head_without_a_body);
    tcase_add_test(tests, has_nothing_else);
    tcase_add_test(tests, goes_on_answering_others_while_some_say_nothing);
    tcase_add_test(tests, may_have_no_port);
    tcase_add_test(tests, says_why_there_is_no_listening);
}
CHECK_MAIN("health_server", add_tests)
