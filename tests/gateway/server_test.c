/* The HTTP server of a loop: it gives the loop back its turn, whatever a client does. */

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/gateway/server.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define REQUEST "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"

#define CHUNK_SIZE "10000"

enum { FLOOD_MAX = 50000, TURNS_MAX = 1000, BODIES_MAX = 1000, PATIENCE_MS = 60 * 1000 };

/* What the server's owner does with a request. */
enum manner { FLOODS, ANSWERS, WAITS, STREAMS };

static struct server *server;
static int listen_fd;
static int client;
static int requests;
static int done;
static enum manner manner;
static struct request *latest;
static struct sockaddr_in address;
static char heard[64 * 1024];

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
    int status = request->problem.err == ERR_UNAVAILABLE ? 503 : 204;
    request->response = (struct http_response){.status = status, .body = ""};
    if (manner == STREAMS) {
        request->response.status = 200;
        request->response.is_stream = true;
    }
    latest = request;
    if (++requests < FLOOD_MAX && manner == FLOODS) {
        flood();
    }
    if (manner != WAITS) {
        server_respond(server, request);
    }
}

static void on_done(void *owner, struct request *request)
{
    (void)owner;
    (void)request;
    done++;
}

static int connect_client(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void setup(void)
{
    static const struct server_events events = {on_head, on_request, on_done};
    address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    test_gateway_init();
    requests = done = 0;
    manner = FLOODS;
    listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(bind(listen_fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(listen_fd, 4), 0);
    ck_assert_int_eq(getsockname(listen_fd, (struct sockaddr *)&address, &size), 0);
    client = connect_client();
    const struct server_options options = {
        .gateway = &test_gateway,
        .listen_fd = listen_fd,
        .connections_max = 4,
        .bodies_max = BODIES_MAX,
        .now_ms = 1,
    };
    server = server_new(&options, &events, NULL);
    ck_assert_ptr_nonnull(server);
}

static void teardown(void)
{
    close(client);
    server_free(server);
    close(listen_fd);
}

static void run_until(const int *counter, int wanted)
{
    for (int i = 0; i < TURNS_MAX && *counter < wanted; i++) {
        server_run(server);
    }
    ck_assert_int_ge(*counter, wanted);
}

static void say(int fd, const char *text)
{
    ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    for (int i = 0; i < 10; i++) {
        server_run(server);
    }
}

/* What has come; 0: that was all, -1: nothing so far. */
static ssize_t hear(int fd)
{
    for (int i = 0; i < 10; i++) {
        server_run(server);
    }
    ssize_t size = recv(fd, heard, sizeof(heard) - 1, MSG_DONTWAIT);
    heard[size < 0 ? 0 : size] = '\0';
    return size;
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

/* A byte now and then does not help. */
START_TEST(a_head_that_does_not_end_ends_the_connection)
{
    say(client, "GET / HTTP/1.1\r\nX: ");
    server_tick(server, PATIENCE_MS);
    say(client, "x");

    ck_assert_int_eq(hear(client), -1);
    server_tick(server, PATIENCE_MS + 1001);

    ck_assert_int_eq(hear(client), 0);
    ck_assert_uint_eq(server_connection_count(server), 0);
}
END_TEST

START_TEST(a_body_that_does_not_end_ends_the_connection)
{
    manner = ANSWERS;
    server_tick(server, PATIENCE_MS / 2);
    say(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nx");
    server_tick(server, PATIENCE_MS + 1001);
    say(client, "x");

    ck_assert_int_eq(hear(client), -1);
    server_tick(server, 2 * PATIENCE_MS);

    ck_assert_int_eq(hear(client), 0);
    ck_assert_int_eq(done, 1);
    ck_assert_int_eq(requests, 0);
}
END_TEST

START_TEST(a_request_at_work_and_the_one_after_it_have_their_time)
{
    manner = WAITS;
    say(client, REQUEST);
    run_until(&requests, 1);
    server_tick(server, 10 * PATIENCE_MS);
    ck_assert_int_eq(hear(client), -1);

    server_respond(server, latest);

    ck_assert_int_gt(hear(client), 0);
    server_tick(server, 11 * PATIENCE_MS - 1);
    say(client, REQUEST);
    run_until(&requests, 2);
    server_respond(server, latest);
    ck_assert_int_gt(hear(client), 0);
}
END_TEST

START_TEST(more_bodies_than_there_is_room_for_are_asked_to_come_again)
{
    static char body[BODIES_MAX + 1];
    memset(body, 'x', BODIES_MAX);
    int other = connect_client();
    manner = WAITS;
    say(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    say(client, body);
    run_until(&requests, 1);
    struct request *first = latest;
    manner = ANSWERS;

    say(other, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxx");

    ck_assert_int_gt(hear(other), 0);
    ck_assert_ptr_nonnull(strstr(heard, " 503 "));
    server_respond(server, first);
    ck_assert_int_gt(hear(client), 0);
    ck_assert_ptr_nonnull(strstr(heard, " 204 "));
    say(other, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxx");
    ck_assert_int_gt(hear(other), 0);
    ck_assert_ptr_nonnull(strstr(heard, " 204 "));
    close(other);
}
END_TEST

/* A body without end, until the connection has ended or the answer is there. */
static ssize_t send_without_end(void)
{
    static char chunk[0x10000 + 2];
    ssize_t size = -1;
    memset(chunk, 'x', sizeof(chunk));
    memcpy(chunk + sizeof(chunk) - 2, "\r\n", 2);
    say(client, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < TURNS_MAX && size < 0 && done == 0; i++) {
        say(client, CHUNK_SIZE "\r\n");
        for (size_t sent = 0; sent < sizeof(chunk) && size < 0 && done == 0;) {
            ssize_t now =
                send(client, chunk + sent, sizeof(chunk) - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
            sent += now > 0 ? (size_t)now : 0;
            size = hear(client);
        }
    }
    return size;
}

/* As many as come; the client takes them as they are written. */
static size_t hear_all(void)
{
    size_t sum = 0;
    ssize_t size;
    for (int i = 0; i < TURNS_MAX; i++) {
        while ((size = hear(client)) > 0) {
            sum += (size_t)size;
        }
    }
    return sum;
}

START_TEST(a_piece_of_a_stream_may_be_large)
{
    static char piece[300 * 1000];
    memset(piece, 'x', sizeof(piece));
    manner = STREAMS;
    say(client, REQUEST);
    run_until(&requests, 1);

    ck_assert(server_stream_write(server, latest, piece, sizeof(piece)));
    ck_assert(!server_stream_write(server, latest, piece, sizeof(piece)));

    ck_assert_uint_ge(hear_all(), sizeof(piece));
    ck_assert(server_stream_write(server, latest, piece, sizeof(piece)));
    server_stream_end(server, latest);
    ck_assert_uint_ge(hear_all(), sizeof(piece));
    ck_assert_int_eq(done, 1);
}
END_TEST

START_TEST(a_body_without_end_is_answered_in_its_middle)
{
    manner = ANSWERS;

    ssize_t size = send_without_end();

    ck_assert_int_gt(size, 0);
    ck_assert_ptr_nonnull(strstr(heard, "HTTP/1.1 503 "));
}
END_TEST

START_TEST(an_answer_that_is_not_there_yet_is_not_written)
{
    manner = WAITS;

    (void)send_without_end();

    ck_assert_str_eq(heard, "");
    ck_assert_int_eq(done, 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_client_that_never_stops_sending_does_not_keep_the_loop);
    tcase_add_test(tests, a_head_that_does_not_end_ends_the_connection);
    tcase_add_test(tests, a_body_that_does_not_end_ends_the_connection);
    tcase_add_test(tests, a_request_at_work_and_the_one_after_it_have_their_time);
    tcase_add_test(tests, more_bodies_than_there_is_room_for_are_asked_to_come_again);
    tcase_add_test(tests, a_piece_of_a_stream_may_be_large);
    tcase_add_test(tests, a_body_without_end_is_answered_in_its_middle);
    tcase_add_test(tests, an_answer_that_is_not_there_yet_is_not_written);
}
CHECK_MAIN("gateway.server", add_tests)
