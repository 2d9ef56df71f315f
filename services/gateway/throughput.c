/* Replies a second. */

#include "services/gateway/throughput.h"

enum { WINDOW_MS = 20, MEMORY_MS = 1000 };

static const double LATENCY_WEIGHT = 0.125; /* of the newest reply */

/* A short past is averaged, a long one forgotten bit by bit. */
static void fold(struct throughput *throughput)
{
    int64_t observed_ms = throughput->observed_ms + throughput->window_ms;
    throughput->observed_ms = observed_ms < MEMORY_MS ? observed_ms : MEMORY_MS;
    double weight = (double)throughput->window_ms / (double)throughput->observed_ms;
    double latest = (double)throughput->replies * 1000 / (double)throughput->window_ms;
    throughput->per_second += (latest - throughput->per_second) * (weight < 1 ? weight : 1);
    throughput->window_ms = 0;
    throughput->replies = 0;
}

void throughput_advance(struct throughput *throughput, bool is_busy, int64_t now_ms)
{
    if (is_busy && now_ms > throughput->reached_ms) {
        throughput->window_ms += now_ms - throughput->reached_ms;
    }
    throughput->reached_ms = now_ms;
    if (throughput->window_ms >= WINDOW_MS) {
        fold(throughput);
    }
}

void throughput_note_reply(struct throughput *throughput, int64_t latency_ms)
{
    throughput->replies++;
    throughput->latency_ms += ((double)latency_ms - throughput->latency_ms) * LATENCY_WEIGHT;
}

void throughput_note_silence(struct throughput *throughput, int64_t waited_ms)
{
    if ((double)waited_ms > throughput->latency_ms) {
        throughput->latency_ms = (double)waited_ms;
    }
}
