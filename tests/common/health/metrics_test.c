/* Counting, adding up, and the text that Prometheus reads. */

#include "common/health/metrics.h"

#include <string.h>

#include "common/contract/contract.h"
#include "common/health/exposition.h"
#include "common/health/vitals.h"
#include "tests/support/check_main.h"

static const struct contract create = {.name = "posts.create", .kind = MESSAGE_COMMAND};
static const struct contract list = {.name = "posts.list", .kind = MESSAGE_QUERY};
static const struct handler create_handler = {.contract = &create};
static const struct handler list_handler = {.contract = &list};
static const struct handler *const both[] = {&create_handler, &list_handler};
static const struct handler *const second[] = {&list_handler};

static struct metrics *one;
static struct metrics *other;
static struct arena *arena;
static struct buffer text;
static struct metrics_sum sum;

static void setup(void)
{
    one = metrics_new(both, ARRAY_COUNT(both));
    other = metrics_new(second, ARRAY_COUNT(second));
    arena = arena_new();
    buffer_init(&text, arena);
}

static void teardown(void)
{
    metrics_free(one);
    metrics_free(other);
    arena_free(arena);
}

static void add_up(void)
{
    const struct metrics *const all[] = {one, other};
    metrics_add_up(all, ARRAY_COUNT(all), arena, &sum);
}

static void expect_line(const char *line)
{
    const char *found = strstr(text.data, line);
    ck_assert_msg(found != NULL, "no line \"%s\" in:\n%s", line, text.data);
    ck_assert_msg(found == text.data || found[-1] == '\n', "\"%s\" is no whole line", line);
    ck_assert_msg(found[strlen(line)] == '\n', "\"%s\" goes on", line);
}

START_TEST(puts_a_duration_into_the_first_bucket_it_fits)
{
    struct histogram *histogram = &one->messages[0].duration;

    histogram_note(histogram, 0);
    histogram_note(histogram, 1000);
    histogram_note(histogram, 1001);
    histogram_note(histogram, 10000000);
    histogram_note(histogram, 10000001);

    add_up();
    const struct histogram_sum *duration = &sum.messages[0].duration;
    ck_assert_uint_eq(duration->counts[0], 2);
    ck_assert_uint_eq(duration->counts[1], 1);
    ck_assert_uint_eq(duration->counts[METRICS_BOUNDS - 1], 1);
    ck_assert_uint_eq(duration->counts[METRICS_BOUNDS], 1);
    ck_assert_uint_eq(duration->sum_us, 20003002 - 1000);
    ck_assert_uint_eq(histogram_count(duration), 5);
}
END_TEST

START_TEST(takes_a_time_before_the_beginning_for_none)
{
    histogram_note(&one->messages[0].queue_wait, -5000);

    add_up();
    ck_assert_uint_eq(sum.messages[0].queue_wait.counts[0], 1);
    ck_assert_uint_eq(sum.messages[0].queue_wait.sum_us, 0);
}
END_TEST

START_TEST(adds_a_message_up_over_its_threads)
{
    metrics_add(&one->messages[1].outcomes[OK], 2);
    metrics_add(&other->messages[0].outcomes[OK], 3);
    metrics_add(&other->messages[0].retries, 1);

    add_up();

    ck_assert_uint_eq(sum.message_count, 2);
    ck_assert_ptr_eq(sum.messages[1].contract, &list);
    ck_assert_uint_eq(sum.messages[1].outcomes[OK], 5);
    ck_assert_uint_eq(sum.messages[1].retries, 1);
    ck_assert_uint_eq(sum.messages[0].outcomes[OK], 0);
}
END_TEST

START_TEST(finds_a_part_down_where_one_thread_does)
{
    metrics_set_part(one, PART_BROKER, PART_UP);
    metrics_set_part(one, PART_DATABASE, PART_DOWN);
    metrics_set_part(other, PART_DATABASE, PART_UP);

    add_up();

    ck_assert_int_eq(sum.parts[PART_BROKER], PART_UP);
    ck_assert_int_eq(sum.parts[PART_DATABASE], PART_DOWN);
    ck_assert_int_eq(sum.parts[PART_MAIL], PART_UNKNOWN);
}
END_TEST

START_TEST(goes_by_the_latest_mail)
{
    metrics_note_mail(one, false);
    atomic_store(&one->mail_at_us, 1000);
    metrics_note_mail(other, true);

    add_up();

    ck_assert_int_eq(sum.parts[PART_MAIL], PART_UP);
    ck_assert_int_gt(sum.mail_at_us, 1000);
}
END_TEST

START_TEST(serves_only_where_all_threads_do)
{
    struct vitals vitals;
    const struct metrics *const all[] = {one, other};
    vitals_init(&vitals, "test");
    vitals.metrics = all;
    vitals.metrics_count = ARRAY_COUNT(all);

    metrics_set_serving(one, true);
    add_up();
    ck_assert(!sum.is_serving);
    ck_assert(!vitals_is_serving(&vitals));

    metrics_set_serving(other, true);
    add_up();
    ck_assert(sum.is_serving);
    ck_assert(vitals_is_serving(&vitals));
}
END_TEST

START_TEST(writes_what_prometheus_reads)
{
    metrics_add(&one->messages[0].outcomes[OK], 2);
    metrics_add(&one->messages[0].outcomes[ERR_ACCESS_DENIED], 1);
    histogram_note(&one->messages[0].duration, 1500);
    metrics_add(&one->messages[0].in_flight, 1);
    metrics_set_part(one, PART_DATABASE, PART_DOWN);
    metrics_set_outbox(one, 7, 0);

    add_up();
    exposition_process(&text, &sum, 1700000000500000);

    expect_line("process_start_time_seconds 1700000000.5");
    expect_line("# TYPE postroom_messages_total counter");
    expect_line("postroom_messages_total{message=\"posts.create\",code=\"ok\"} 2");
    expect_line("postroom_messages_total{message=\"posts.create\",code=\"access_denied\"} 1");
    expect_line("postroom_messages_total{message=\"posts.list\",code=\"ok\"} 0");
    expect_line(
        "postroom_message_duration_seconds_bucket{message=\"posts.create\",le=\"0.001\"} 0");
    expect_line(
        "postroom_message_duration_seconds_bucket{message=\"posts.create\",le=\"0.002\"} 1");
    expect_line("postroom_message_duration_seconds_bucket{message=\"posts.create\",le=\"+Inf\"} 1");
    expect_line("postroom_message_duration_seconds_sum{message=\"posts.create\"} 0.0015");
    expect_line("postroom_messages_in_flight{message=\"posts.create\"} 1");
    expect_line("postroom_part_up{part=\"database\"} 0");
    expect_line("postroom_outbox_messages 7");
    expect_line("postroom_outbox_oldest_age_seconds 0");
    ck_assert_ptr_null(strstr(text.data, "part=\"mail\"")); /* nothing is known of it */
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, puts_a_duration_into_the_first_bucket_it_fits);
    tcase_add_test(tests, takes_a_time_before_the_beginning_for_none);
    tcase_add_test(tests, adds_a_message_up_over_its_threads);
    tcase_add_test(tests, finds_a_part_down_where_one_thread_does);
    tcase_add_test(tests, goes_by_the_latest_mail);
    tcase_add_test(tests, serves_only_where_all_threads_do);
    tcase_add_test(tests, writes_what_prometheus_reads);
}
CHECK_MAIN("metrics", add_tests)
