/*
 * When and where a message is tried again after passing trouble: the pauses between the tries of
 * its worker, and, for a command, the copy that waits on the ladder of retries (topology.h) for the
 * next ones. All waits are jittered, so that what failed together does not come back together.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/bus/topology.h"

enum {
    TRIES_MAX = 3,   /* of a worker, each time it gets the message */
    RETRIES_MAX = 9, /* how often a command goes up the ladder, to stay on its last rung */
    DEATHS_MAX = 3,  /* of workers that had the message in hand: then it is handled no more */
};

/* How long to wait in the worker after this many tries: 50–100 ms, then 200–400 ms; longer and
 * longer where there are more tries than TRIES_MAX. */
int64_t retry_pause_ms(int tries);

/* The rung for a command that was there `retries` times before, and how long it waits on it where
 * the first wait is to be up to `first_wait_ms`. */
const struct retry_rung *retry_rung_of(int64_t retries);
int64_t retry_wait_ms(int64_t retries, int64_t first_wait_ms);

struct retry_copy {
    struct bus_message message; /* points into the rest, and into the original */
    struct bus_header headers[BUS_HEADERS_MAX];
    char expiration[24];
};

/*
 * The copy of a command from `queue` that goes to the ladder: persistent and mandatory, with those
 * headers that are ours and `retries` one higher. False: it has too many of them.
 */
MUST_CHECK bool retry_copy_make(const struct bus_message *message, const char *queue,
                                int64_t retries, int64_t first_wait_ms, struct retry_copy *ret);

/* How often a message was sent again so far: its header `retries`, 0 where there is none. */
int64_t retry_count(const struct bus_message *message);

/* The copy of a query that goes back to `queue` at once, as it came but for `retries`. False: it
 * has too many headers. */
MUST_CHECK bool retry_copy_make_of_query(const struct bus_message *message, const char *queue,
                                         int64_t retries, struct retry_copy *ret);
