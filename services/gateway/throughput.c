/* Replies a second. */

#include "services/gateway/throughput.h"

enum { WINDOW_MS = 20, MEMORY_MS = 1000, STALE_MS = 5000, REPLIES_ENOUGH = 8 };

/* A short past is averaged, a long one forgotten bit by bit: a standstill of some seconds is no
 * reason to think that nothing can be done any more. */
static void fold(struct throughput *throughput)
{
    int64_t past_ms = throughput->observed_ms;
    double weight = (double)throughput->window_ms / (double)(past_ms + throughput->window_ms);
    double latest = (double)throughput->replies * 1000 / (double)throughput->window_ms;
    throughput->per_second += (latest - throughput->per_second) * weight;
    past_ms += throughput->window_ms;
    throughput->observed_ms = past_ms < MEMORY_MS ? past_ms : MEMORY_MS;
    throughput->answered += throughput->replies;
    throughput->window_ms = 0;
    throughput->replies = 0;
}

/* What was late once, and was not tried since, says nothing about the next burst. */
static bool is_stale(const struct throughput *throughput, int64_t now_ms)
{
    return throughput->late_ms != 0 && now_ms - throughput->reached_ms >= STALE_MS;
}

void throughput_advance(struct throughput *throughput, bool is_busy, int64_t now_ms)
{
    if (!is_busy && is_stale(throughput, now_ms)) {
        *throughput = (struct throughput){.reached_ms = now_ms};
    }
    if (is_busy && now_ms > throughput->reached_ms) {
        throughput->window_ms += now_ms - throughput->reached_ms;
    }
    throughput->reached_ms = now_ms;
    if (throughput->window_ms >= WINDOW_MS) {
        fold(throughput);
    }
}

bool throughput_is_known(const struct throughput *throughput)
{
    return throughput->observed_ms >= MEMORY_MS || throughput->answered >= REPLIES_ENOUGH;
}

bool throughput_is_slow(const struct throughput *throughput)
{
    return throughput->late_ms != 0 && throughput->reached_ms - throughput->late_ms >= MEMORY_MS;
}

void throughput_note_reply(struct throughput *throughput)
{
    throughput->replies++;
}

void throughput_note_wait(struct throughput *throughput, bool is_long)
{
    if (!is_long) {
        throughput->late_ms = 0;
    } else if (throughput->late_ms == 0) {
        throughput->late_ms = throughput->reached_ms;
    }
}
