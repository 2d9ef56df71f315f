/* The behaviours of every bus: see bus_world.h. */
#pragma once

#include <check.h>

void bus_suite_add(TCase *tests);
