/*
 * What a service of workers is told on its command line and by its environment. What is wrong is
 * said in a line on standard error and ends the process. Internal: runner.c.
 */
#pragma once

#include "common/service/runner.h"

/* The patterns given by --handlers, or NULL. Prints the help and exits where that is asked for. */
const char *runner_read_arguments(int argc, char **argv, const struct runner_service *service);

/* Read the settings and check them. */
void runner_load_settings(const struct runner_service *service, struct settings *ret);
