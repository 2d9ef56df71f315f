/*
 * How many replies a second a message gets back, and how long they take: an estimate of what those
 * who serve it can do. Only time in which something was in flight counts: nobody learns anything
 * from a message that nobody sends. Smoothed over a second of such time, so that it shrinks while
 * nothing comes back. Plain data, all zero at first; times are monotonic. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct throughput {
    double per_second;
    double latency_ms;   /* of the latest dozen replies */
    int64_t observed_ms; /* how much time the estimate rests on, up to the second; 0: none yet */
    int64_t reached_ms;  /* the time that has been taken account of */
    int64_t window_ms;   /* busy time that is not in the estimate yet */
    int64_t replies;     /* within it */
};

/* Time has gone on; `is_busy`: with something in flight. */
void throughput_advance(struct throughput *throughput, bool is_busy, int64_t now_ms);

/* A reply has come, to what was sent `latency_ms` ago. */
void throughput_note_reply(struct throughput *throughput, int64_t latency_ms);

/* No reply has come for `waited_ms`: it takes so long at least. */
void throughput_note_silence(struct throughput *throughput, int64_t waited_ms);
