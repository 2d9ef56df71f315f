/* What a bus promises, tried on whichever bus_world is linked in. */

#include "bus_suite.h"

#include "bus_fixture.h"

TCase *bus_suite_new(void)
{
    TCase *tests = tcase_create("common");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, bus_fixture_set_up, bus_fixture_tear_down);
    bus_suite_add_publish(tests);
    bus_suite_add_consume(tests);
    bus_suite_add_connection(tests);
    return tests;
}
