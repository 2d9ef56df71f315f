/*
 * An event loop: a thread with its own HTTP server on the shared listening socket, its own broker
 * connections and its own waiting requests. Loops share nothing but what is const.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/bus/topology.h"
#include "common/core/settings.h"
#include "common/health/reporter.h"
#include "services/gateway/admission.h"
#include "services/gateway/gateway.h"
#include "services/gateway/traffic.h"

struct loop;

struct loop_options {
    const struct gateway *gateway;
    const struct settings *settings;
    const struct topology *topology;
    int listen_fd;
    unsigned connections_max;
    struct admission_limits limits;
    struct metrics *metrics;   /* of this loop; borrowed */
    struct traffic *traffic;   /* of this loop; borrowed */
    struct reporter *reporter; /* of the process, by one of its loops; NULL: another's */
    unsigned number;           /* of this loop, for its connections' names */
};

/* Start the thread; owned. NULL: it could not be started; the reason is logged. */
struct loop *loop_start(const struct loop_options *options);

/* Any thread: begin to drain. */
void loop_stop(struct loop *loop);
/* Any thread: when it last went round (monotonic). */
int64_t loop_ticked_ms(const struct loop *loop);
/* Any thread: has it ended? */
bool loop_is_finished(const struct loop *loop);
/* Wait for the thread and free the loop. */
void loop_join(struct loop *loop);
