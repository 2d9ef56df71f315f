/* The behaviours of every bus: see bus_world.h. */
#pragma once

#include <check.h>

/* A test case with all of them. */
TCase *bus_suite_new(void);

/* Its parts, a file each. */
void bus_suite_add_publish(TCase *tests);
void bus_suite_add_consume(TCase *tests);
void bus_suite_add_connection(TCase *tests);
