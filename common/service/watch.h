/*
 * The watch over workers: which of them does not tick any more. STUCK_AFTER_MS says after how long;
 * 0 is two heartbeats, and longer than a turn may take. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct settings;

enum { WATCH_PAUSE_MS = 1000 }; /* between two looks */

struct watch {
    int64_t limit_ms;
    int64_t looked_ms;      /* the last time, */
    int64_t awake_since_ms; /* and since when without a gap */
};

void watch_init(struct watch *watch, const struct settings *settings, int64_t now_ms);

/* At least every WATCH_PAUSE_MS. Where a look comes late, the whole process has stood still
 * (SIGSTOP, a sleeping machine): the workers, too, and they are not to blame. */
void watch_look(struct watch *watch, int64_t now_ms);

/* Has a worker that ticked last at `ticked_ms` been silent for too long? */
bool watch_is_stuck(const struct watch *watch, int64_t ticked_ms, int64_t now_ms);
