/* common/http/proxies.h */

#include "common/http/proxies.h"

#include <netinet/in.h>
#include <string.h>

#include "tests/support/check_main.h"

#define TRUSTED "10.0.0.0/8, 192.0.2.1,fd00::/8 ,2001:db8::1"
#define TWENTY(element)                                                                            \
    element element element element element element element element element element element        \
        element element element element element element element element element

static struct http_header headers[3];
static struct http_request request;
static struct proxies proxies;

static void setup(void)
{
    request = (struct http_request){.headers = headers};
    ck_assert(proxies_parse(TRUSTED, &proxies));
}

static void add(const char *name, const char *value)
{
    headers[request.header_count++] =
        (struct http_header){.name = name, .name_size = strlen(name), .value = value};
}

static struct in6_addr address(const char *text)
{
    struct proxies one;
    ck_assert_msg(proxies_parse(text, &one), "no address: %s", text);
    struct in6_addr found = {0};
    memcpy(&found, one.networks[0].first, sizeof(found));
    return found;
}

static void expect_client(const char *peer, const char *client)
{
    char found[PROXIES_ADDRESS_SIZE];
    struct in6_addr from = address(peer);
    struct in6_addr whose;

    proxies_find_client(&proxies, &from, &request, &whose);
    proxies_format(&whose, found);

    ck_assert_str_eq(found, client);
}

static const char *const good_lists[] = {
    "",
    " ",
    "127.0.0.1",
    " 127.0.0.1 ,\t::1 ",
    "0.0.0.0/1",
    "10.0.0.0/8",
    "192.0.2.4/30",
    "192.0.2.4/32",
    "fd00::/8",
    "2001:db8::/33",
    "::1/128",
    "::ffff:10.0.0.0/104",
};

START_TEST(reads_addresses_and_networks)
{
    ck_assert(proxies_parse(good_lists[_i], &proxies));
}
END_TEST

static const char *const wrong_lists[] = {
    ",",
    "127.0.0.1,",
    ",127.0.0.1",
    "localhost",
    "127.0.0",
    "127.0.0.1 10.0.0.1",
    "127.0.0.01",
    "127.0.0.1:80",
    "[::1]",
    "10.0.0.0/",
    "10.0.0.0/x",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/ 8",
    "10.0.0.1/8",
    "10.0.0.0/08x",
    "0.0.0.0/0",
    "::/0",
    "::1/129",
    "fd00::1/8",
    "fe80::1%lo",
    "*",
    "unix:",
    "::ffff:10.0.0.1/104",
    "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa",
    TWENTY("10.0.0.1,") TWENTY("10.0.0.1,")
        TWENTY("10.0.0.1,") "10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1",
};

START_TEST(refuses_anything_else)
{
    ck_assert_msg(!proxies_parse(wrong_lists[_i], &proxies), "taken: %s", wrong_lists[_i]);
}
END_TEST

START_TEST(knows_what_lies_in_a_network)
{
    static const struct {
        const char *network;
        const char *address;
        bool is_in;
    } cases[] = {
        {"192.0.2.4/30", "192.0.2.7", true}, {"192.0.2.4/30", "192.0.2.8", false},
        {"192.0.2.4", "192.0.2.4", true},    {"192.0.2.4", "192.0.2.5", false},
        {"10.0.0.0/8", "10.255.0.1", true},  {"10.0.0.0/8", "::ffff:10.0.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},   {"10.0.0.0/8", "::10.0.0.1", false},
        {"fd00::/9", "fd7f::1", true},       {"fd00::/9", "fd80::1", false},
        {"::/1", "10.0.0.1", false},         {"::ffff:10.0.0.0/104", "10.0.0.1", true},
    };
    struct in6_addr found = address(cases[_i].address);

    ck_assert(proxies_parse(cases[_i].network, &proxies));

    ck_assert_msg(proxies_have(&proxies, &found) == cases[_i].is_in, "%s in %s", cases[_i].address,
                  cases[_i].network);
}
END_TEST

START_TEST(believes_nobody_who_is_not_trusted)
{
    add("X-Forwarded-For", "198.51.100.7");

    expect_client("203.0.113.9", "203.0.113.9");
    ck_assert(proxies_parse("", &proxies));
    expect_client("127.0.0.1", "127.0.0.1");
}
END_TEST

START_TEST(without_the_header_the_proxy_itself_asks)
{
    add("X-Real-IP", "198.51.100.7");

    expect_client("10.0.0.1", "10.0.0.1");
}
END_TEST

static const struct {
    const char *value;
    const char *client;
} cases[] = {
    {"198.51.100.7", "198.51.100.7"},
    {"  198.51.100.7\t", "198.51.100.7"},
    {"198.51.100.7:4711", "198.51.100.7"},
    {"2001:DB8:0::7", "2001:db8::7"},
    {"[2001:db8::7]", "2001:db8::7"},
    {"[2001:db8::7]:4711", "2001:db8::7"},
    {"::ffff:198.51.100.7", "198.51.100.7"},
    /* what the client says of itself is in front */
    {"203.0.113.9, 198.51.100.7", "198.51.100.7"},
    {"10.9.9.9, 198.51.100.7", "198.51.100.7"},
    {"unknown, 198.51.100.7", "198.51.100.7"},
    /* through more than one proxy */
    {"203.0.113.9,198.51.100.7,10.0.0.2, fd00::3,2001:db8::1", "198.51.100.7"},
    {"198.51.100.7, 192.0.2.1:80", "198.51.100.7"},
    /* all of them are: the first it is */
    {"10.0.0.3, 10.0.0.2", "10.0.0.3"},
    /* empty elements are none */
    {"198.51.100.7, ,", "198.51.100.7"},
    {"", "10.0.0.1"},
    /* up to where it can be read */
    {"198.51.100.7, unknown", "10.0.0.1"},
    {"198.51.100.7, _hidden, 10.0.0.2", "10.0.0.2"},
    {"198.51.100.7, \"10.0.0.2\"", "10.0.0.1"},
    {"198.51.100.7, 10.0.0.2:", "10.0.0.1"},
    {"198.51.100.7, 10.0.0.2:123456", "10.0.0.1"},
    {"198.51.100.7, [10.0.0.2]:80", "10.0.0.1"},
    {"198.51.100.7, [fd00::2", "10.0.0.1"},
    {"198.51.100.7, [fd00::2]80", "10.0.0.1"},
    {"198.51.100.7, []", "10.0.0.1"},
    {"198.51.100.7, :", "10.0.0.1"},
    {"198.51.100.7, 10.0.0.256", "10.0.0.1"},
    {"198.51.100.7 10.0.0.2", "10.0.0.1"},
    {"198.51.100.7, 10.0.0.2 <script>", "10.0.0.1"},
    {TWENTY("1111:2222:") ", 10.0.0.2", "10.0.0.2"},
    /* no further than a bound */
    {"198.51.100.7" TWENTY(", 10.0.0.2"), "10.0.0.2"},
    {"198.51.100.7" TWENTY(", "), "10.0.0.1"},
};

START_TEST(finds_the_last_address_that_is_not_trusted)
{
    add("x-forwarded-FOR", cases[_i].value);

    expect_client("10.0.0.1", cases[_i].client);
}
END_TEST

START_TEST(takes_headers_in_their_order_as_one_list)
{
    add("X-Forwarded-For", "203.0.113.9, 198.51.100.7");
    add("Host", "example.org");
    add("X-Forwarded-For", "10.0.0.3, 10.0.0.2");

    expect_client("10.0.0.1", "198.51.100.7");
}
END_TEST

START_TEST(trusts_the_last_header_more_than_the_first)
{
    add("X-Forwarded-For", "203.0.113.9");
    add("X-Forwarded-For", "198.51.100.7");

    expect_client("10.0.0.1", "198.51.100.7");
}
END_TEST

START_TEST(other_names_are_other_headers)
{
    add("X-Forwarded-Fo", "198.51.100.7");
    add("X-Forwarded-For-", "198.51.100.7");

    expect_client("::ffff:10.0.0.1", "10.0.0.1");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_loop_test(tests, reads_addresses_and_networks, 0, ARRAY_COUNT(good_lists));
    tcase_add_loop_test(tests, refuses_anything_else, 0, ARRAY_COUNT(wrong_lists));
    tcase_add_loop_test(tests, knows_what_lies_in_a_network, 0, 12);
    tcase_add_test(tests, believes_nobody_who_is_not_trusted);
    tcase_add_test(tests, without_the_header_the_proxy_itself_asks);
    tcase_add_loop_test(tests, finds_the_last_address_that_is_not_trusted, 0, ARRAY_COUNT(cases));
    tcase_add_test(tests, takes_headers_in_their_order_as_one_list);
    tcase_add_test(tests, trusts_the_last_header_more_than_the_first);
    tcase_add_test(tests, other_names_are_other_headers);
}
CHECK_MAIN("http.proxies", add_tests)
