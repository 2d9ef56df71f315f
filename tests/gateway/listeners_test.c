/* Who listens to what goes on, and for how long. The server is one that only notes. */

#include "services/gateway/listeners.h"

#include <string.h>

#include "services/gateway/reports.h"
#include "tests/gateway/broker_world.h"

enum { BEGIN_MS = 1000 };

static struct reports *reports;
static struct local local;
static struct listeners *listeners;
static struct request ann;
static struct request bob;

static struct {
    size_t ann;
    size_t bob;
    size_t ends;
    char event[64]; /* the beginning of the latest */
    char end[3];    /* and its last bytes */
    bool is_stuck;
} noted;

bool server_stream_write(UNUSED struct server *server, struct request *request, const char *data,
                         size_t size)
{
    if (noted.is_stuck) {
        return false;
    }
    *(request == &ann ? &noted.ann : &noted.bob) += 1;
    (void)snprintf(noted.event, sizeof(noted.event), "%.*s", (int)size, data);
    (void)snprintf(noted.end, sizeof(noted.end), "%.2s", data + size - 2);
    return true;
}

void server_stream_end(UNUSED struct server *server, UNUSED struct request *request)
{
    noted.ends++;
}

static void setup(void)
{
    world_setup();
    reports = reports_new();
    local = (struct local){.broker = world.broker, .reports = reports, .now_ms = BEGIN_MS};
    ann = (struct request){.gateway = &test_gateway, .local = &local};
    bob = ann;
    memset(&noted, 0, sizeof(noted));
    listeners = listeners_new();
    listeners_add(listeners, &ann, BEGIN_MS);
}

static void teardown(void)
{
    listeners_free(listeners);
    reports_free(reports);
    world_teardown();
}

/* So long after Ann began to listen. */
static void tick(int64_t after_ms)
{
    listeners_tick(listeners, NULL, BEGIN_MS + after_ms);
}

START_TEST(are_told_at_once_and_then_now_and_again)
{
    tick(0);
    tick(LISTENERS_INTERVAL_MS - 1);
    ck_assert_uint_eq(noted.ann, 1);

    tick(LISTENERS_INTERVAL_MS);

    ck_assert_uint_eq(noted.ann, 2);
    ck_assert_msg(strstr(noted.event, "\nevent: overview\ndata: {") != NULL, "%s", noted.event);
    ck_assert_str_eq(noted.end, "\n\n");
}
END_TEST

START_TEST(are_told_each_in_their_own_time)
{
    tick(0);
    listeners_add(listeners, &bob, BEGIN_MS + 500);

    tick(500);

    ck_assert_uint_eq(noted.ann, 1);
    ck_assert_uint_eq(noted.bob, 1);
}
END_TEST

START_TEST(listen_for_a_while_and_are_asked_again_who_they_are)
{
    tick(LISTENING_MS - 1);
    ck_assert_uint_eq(noted.ends, 0);

    tick(LISTENING_MS);

    ck_assert_uint_eq(noted.ends, 1);
}
END_TEST

START_TEST(are_let_go_of_when_they_do_not_keep_up)
{
    noted.is_stuck = true;

    tick(0);

    ck_assert_uint_eq(noted.ends, 1);
}
END_TEST

START_TEST(are_told_nothing_once_they_are_gone)
{
    listeners_remove(listeners, &ann);
    listeners_remove(listeners, &bob);

    tick(0);
    tick(LISTENING_MS);

    ck_assert_uint_eq(noted.ann, 0);
    ck_assert_uint_eq(noted.ends, 0);
}
END_TEST

START_TEST(all_end_when_the_gateway_drains)
{
    listeners_add(listeners, &bob, BEGIN_MS);

    listeners_end(listeners, NULL);

    ck_assert_uint_eq(noted.ends, 2);
}
END_TEST

START_TEST(are_so_many_and_no_more)
{
    for (int i = 1; i < LISTENERS_MAX; i++) {
        ck_assert(listeners_have_room(listeners));
        listeners_add(listeners, &bob, BEGIN_MS);
    }

    ck_assert(!listeners_have_room(listeners));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, are_told_at_once_and_then_now_and_again);
    tcase_add_test(tests, are_told_each_in_their_own_time);
    tcase_add_test(tests, listen_for_a_while_and_are_asked_again_who_they_are);
    tcase_add_test(tests, are_let_go_of_when_they_do_not_keep_up);
    tcase_add_test(tests, are_told_nothing_once_they_are_gone);
    tcase_add_test(tests, all_end_when_the_gateway_drains);
    tcase_add_test(tests, are_so_many_and_no_more);
}
CHECK_MAIN("listeners", add_tests)
