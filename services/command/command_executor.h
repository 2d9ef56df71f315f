/*
 * How command-service does a message: identity, effect, outcome and outgoing messages in one unit
 * of work. Lasting failures are stored like successes; invalid input, a passed deadline and our own
 * defects are answered and leave nothing; passing trouble leaves nothing and is tried again.
 */
#pragma once

#include "common/service/executor.h"
#include "unit.h"

/* A delivery that has ended its worker this often is handled no more. */
enum { DEATHS_MAX = 3 };

struct command_executor {
    struct executor base;
    struct unit *unit;      /* borrowed */
    const char *secret_key; /* keys the fingerprints; borrowed */
};

void command_executor_init(struct command_executor *executor, struct unit *unit,
                           const char *secret_key);
