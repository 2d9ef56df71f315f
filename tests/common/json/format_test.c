/* E-mail addresses, UUIDs, moments. */

#include "tests/common/json/sample.h"

static const char *read_field(const char *name, const char *text, struct sample *ret)
{
    const char *json = arena_printf(arena, "{\"name\":\"A\",\"%s\":\"%s\"}", name, text);
    return decode(&sample_object, json, strlen(json), ret);
}

static char *repeat(char c, size_t count, const char *rest)
{
    char *text = arena_alloc_raw(arena, count + strlen(rest) + 1);
    memset(text, c, count);
    memcpy(text + count, rest, strlen(rest) + 1);
    return text;
}

static void expect_email(const char *text)
{
    struct sample sample;
    ck_assert_msg(strcmp(read_field("email", text, &sample), "") == 0, "%s is refused", text);
}

static void expect_no_email(const char *text)
{
    struct sample sample;
    ck_assert_str_eq(read_field("email", text, &sample), "email: must be an e-mail address");
}

START_TEST(knows_an_email_address)
{
    expect_email("ann@example.org");
    expect_email("Ann.B+tag@Sub.Example.co");
    expect_email("o'neil_{x}!#$%&*/=?^`|~-@x-1.museum");
    expect_email("1@2.com");
    expect_email("a@xn--80ak6aa92e.com");
    expect_email("a@b.c");
    expect_email(repeat('a', 64, "@example.org"));
    expect_email(arena_printf(arena, "a@%s", repeat('b', 63, ".org")));
}
END_TEST

START_TEST(refuses_what_is_no_email_address)
{
    static const char *const texts[] = {
        "",           "ann",         "@example.org",   "ann@",           "ann@example",
        "a@b@c.org",  "a b@c.org",   ".a@b.org",       "a.@b.org",       "a..b@c.org",
        "a@.org",     "a@b..org",    "a@b.org.",       "a@-b.org",       "a@b-.org",
        "a@b_c.org",  "a@[1.2.3.4]", "a@1.2.3.4",      "é@example.org",  "a@exämple.org",
        "a@b.org\\n", " a@b.org",    "a@b.o\\u0020rg", "a\\\\b@c.org",   "\\\"a\\\"@b.org",
        "a@b,c.org",  "a<b@c.org",   "a(x)@b.org",     "a@b.org\\u00a0", "a@b.1",
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        expect_no_email(texts[i]);
    }
    expect_no_email(repeat('a', 65, "@example.org"));
    expect_no_email(arena_printf(arena, "a@%s", repeat('b', 64, ".org")));
}
END_TEST

START_TEST(bounds_an_email_address)
{
    const char *domain = arena_printf(arena, "%s%s%s", repeat('b', 63, "."), repeat('c', 63, "."),
                                      repeat('d', 60, ".org"));
    size_t local_size = 254 - 1 - strlen(domain);
    struct sample sample;

    expect_email(arena_printf(arena, "%s@%s", repeat('a', local_size, ""), domain));
    ck_assert_str_eq(
        read_field("email", arena_printf(arena, "%s@%s", repeat('a', local_size + 1, ""), domain),
                   &sample),
        "email: must be at most 254 characters long");
}
END_TEST

START_TEST(knows_a_uuid)
{
    struct sample sample;
    ck_assert_str_eq(read_field("token", "0190163D-8694-739b-aea5-966c26f8ad91", &sample), "");
    ck_assert_str_eq(read_field("token", "0190163d8694739baea5966c26f8ad91", &sample),
                     "token: must be a UUID");
    ck_assert_str_eq(read_field("token", "", &sample), "token: must be a UUID");
}
END_TEST

static void expect_time(const char *text, int64_t expected_us)
{
    struct sample sample;
    ck_assert_msg(strcmp(read_field("made_at", text, &sample), "") == 0, "%s is refused", text);
    ck_assert_msg(sample.has_made_at && sample.made_at == expected_us, "%s is %lld", text,
                  (long long)sample.made_at);
}

START_TEST(reads_moments)
{
    expect_time("1970-01-01T00:00:00Z", 0);
    expect_time("1970-01-01T00:00:00.000001Z", 1);
    expect_time("1969-12-31T23:59:59.999999Z", -1);
    expect_time("2024-02-29T23:59:59.5z", INT64_C(1709251199500000));
    expect_time("2000-02-29t00:00:00Z", INT64_C(951782400000000));
    expect_time("2024-01-31T12:00:00.1234567Z", INT64_C(1706702400123456));
    expect_time("2024-01-31T14:30:00+02:30", INT64_C(1706702400000000));
    expect_time("2024-01-31T11:00:00-01:00", INT64_C(1706702400000000));
    expect_time("0001-01-01T00:00:00Z", INT64_C(-62135596800000000));
    expect_time("9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999));
}
END_TEST

START_TEST(refuses_what_is_no_moment)
{
    static const char *const texts[] = {
        "",
        "2024-01-31",
        "2024-01-31T12:00:00",
        "2024-01-31 12:00:00Z",
        "2024-1-31T12:00:00Z",
        "2024-13-01T12:00:00Z",
        "2024-00-01T12:00:00Z",
        "2023-02-29T12:00:00Z",
        "1900-02-29T12:00:00Z",
        "2024-04-31T12:00:00Z",
        "2024-04-00T12:00:00Z",
        "2024-01-31T24:00:00Z",
        "2024-01-31T12:60:00Z",
        "2024-01-31T12:00:60Z",
        "2024-01-31T12:00:00.Z",
        "2024-01-31T12:00:00+0200",
        "2024-01-31T12:00:00+24:00",
        "2024-01-31T12:00:00+02:60",
        "2024-01-31T12:00:00ZZ",
        "0000-01-01T00:00:00Z",
        "-2024-01-31T12:00:00Z",
        "yyyy-mm-ddThh:mm:ssZ",
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct sample sample;
        ck_assert_msg(strcmp(read_field("made_at", texts[i], &sample), "") != 0, "%s is taken",
                      texts[i]);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, knows_an_email_address);
    tcase_add_test(tests, refuses_what_is_no_email_address);
    tcase_add_test(tests, bounds_an_email_address);
    tcase_add_test(tests, knows_a_uuid);
    tcase_add_test(tests, reads_moments);
    tcase_add_test(tests, refuses_what_is_no_moment);
}
CHECK_MAIN("json format", add_tests)
