/* common/http/trace_context.h */

#include "common/http/trace_context.h"

#include <stddef.h>

#include "tests/support/check_main.h"

START_TEST(takes_a_well_formed_traceparent)
{
    ck_assert(traceparent_is_valid("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
}
END_TEST

START_TEST(refuses_any_other)
{
    static const char *const texts[] = {
        NULL,
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };

    ck_assert(!traceparent_is_valid(texts[_i]));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, takes_a_well_formed_traceparent);
    tcase_add_loop_test(tests, refuses_any_other, 0, 9);
}
CHECK_MAIN("http trace context", add_tests)
