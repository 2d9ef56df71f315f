/*
 * The main of a service made of workers: settings, choice of handlers, a thread for each worker,
 * the watch over them, signals and the drain. SIGTERM or SIGINT: take nothing new, finish what is
 * in hand, put off what would have to wait, and be gone within LEAVE_MS. A worker that has not
 * ticked for STUCK_AFTER_MS (0: two heartbeats, and longer than a turn may take), or not come to
 * its end by LEAVE_MS, ends the process (exit 70): whoever started it starts it again, and the
 * broker gives the message to another.
 */
#pragma once

#include "common/contract/contract.h"
#include "common/core/settings.h"
#include "common/service/worker.h"

enum { DRAIN_MS = 7000, LEAVE_MS = 9700 };

struct runner_service {
    const char *name; /* "command-service" */
    const char *summary;
    enum settings_reader reader;
    const struct handler *handlers; /* all that the service knows */
    size_t handler_count;
    /* Check what the settings table cannot; NULL, or a line on what is wrong. May be NULL. */
    const char *(*check)(const struct settings *settings);
    /* Make the parts of one worker: sets ports and executor of `ret`. Owned by close. On the
     * worker's own thread. */
    void *(*open)(const struct settings *settings, struct worker_options *ret);
    void (*close)(void *parts);
};

/* Runs until told to stop; returns the exit status. */
int runner_main(int argc, char **argv, const struct runner_service *service);
