/* How long a worker may be silent. */

#include "common/service/watch.h"

#include "common/core/settings.h"

enum {
    TURN_MAX_MS = 30000, /* with every wait of a message at its bound */
    GAP_MS = 2 * WATCH_PAUSE_MS,
};

void watch_init(struct watch *watch, const struct settings *settings, int64_t now_ms)
{
    int64_t beats_ms = 2 * 1000 * settings->heartbeat_seconds;
    int64_t limit_ms = beats_ms < TURN_MAX_MS ? TURN_MAX_MS : beats_ms;
    *watch = (struct watch){
        .limit_ms = settings->stuck_after_ms > 0 ? settings->stuck_after_ms : limit_ms,
        .looked_ms = now_ms,
        .awake_since_ms = now_ms,
    };
}

void watch_look(struct watch *watch, int64_t now_ms)
{
    if (now_ms - watch->looked_ms > GAP_MS) {
        watch->awake_since_ms = now_ms;
    }
    watch->looked_ms = now_ms;
}

bool watch_is_stuck(const struct watch *watch, int64_t ticked_ms, int64_t now_ms)
{
    int64_t since_ms = ticked_ms > watch->awake_since_ms ? ticked_ms : watch->awake_since_ms;
    return now_ms - since_ms > watch->limit_ms;
}
