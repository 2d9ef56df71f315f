/*
 * How command-service does a message: identity, effect, outcome and outgoing messages in one unit
 * of work. Lasting failures are stored like successes. Invalid input, a deadline that has passed
 * (before the work begins or before it is committed) and our own defects are answered and leave
 * only a note for those who ask what became of the message. Passing trouble leaves nothing and is
 * tried again.
 */
#pragma once

#include "common/service/executor.h"
#include "unit.h"

struct command_executor {
    struct executor base;
    struct unit *unit;      /* borrowed */
    const char *secret_key; /* keys the fingerprints; borrowed */
    int64_t command_lifetime_ms;
};

/* Commands that handlers send are to be done within `command_lifetime_ms`, and a second before the
 * command that sends them. */
void command_executor_init(struct command_executor *executor, struct unit *unit,
                           const char *secret_key, int64_t command_lifetime_ms);
