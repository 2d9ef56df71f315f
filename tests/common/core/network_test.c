/* What counts as one network. */

#include "common/core/network.h"

#include <string.h>

#include "tests/support/check_main.h"

static const char *network(const char *address)
{
    static char made[NETWORK_SIZE];
    network_of(address, made);
    return made;
}

START_TEST(an_ipv4_address_is_one_by_itself)
{
    ck_assert_str_eq(network("192.0.2.7"), "192.0.2.7");
    ck_assert_str_eq(network("::ffff:192.0.2.7"), "192.0.2.7");
}
END_TEST

START_TEST(ipv6_addresses_share_one_by_their_first_half)
{
    ck_assert_str_eq(network("2001:db8:0:1:2:3:4:5"), "2001:db8:0:1::/64");
    ck_assert_str_eq(network("2001:DB8:0:1::9"), "2001:db8:0:1::/64");
    ck_assert_str_eq(network("2001:db8:0:2::9"), "2001:db8:0:2::/64");
}
END_TEST

START_TEST(what_is_no_address_is_taken_as_it_is)
{
    ck_assert_str_eq(network("unix:socket"), "unix:socket");
    ck_assert_str_eq(network(NULL), "");
}
END_TEST

START_TEST(what_is_too_long_is_cut)
{
    char address[200];
    memset(address, 'x', sizeof(address) - 1);
    address[sizeof(address) - 1] = '\0';

    ck_assert_uint_eq(strlen(network(address)), NETWORK_SIZE - 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, an_ipv4_address_is_one_by_itself);
    tcase_add_test(tests, ipv6_addresses_share_one_by_their_first_half);
    tcase_add_test(tests, what_is_no_address_is_taken_as_it_is);
    tcase_add_test(tests, what_is_too_long_is_cut);
}
CHECK_MAIN("network", add_tests)
