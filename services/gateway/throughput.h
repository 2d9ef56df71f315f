/*
 * How many replies a second a message gets back, and whether they come late: an estimate of what
 * those who serve it can do. Only time in which something was in flight counts: nobody learns
 * anything from a message that nobody sends. Smoothed over a second of such time, so that it
 * shrinks while nothing comes back. A trouble that was the last that was seen is forgotten after
 * some seconds in which nothing was sent. Plain data, all zero at first; times are monotonic. One
 * thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct throughput {
    double per_second;
    int64_t observed_ms; /* how much time the estimate rests on, up to the second */
    int64_t answered;    /* on how many replies */
    int64_t reached_ms;  /* the time that has been taken account of */
    int64_t window_ms;   /* busy time that is not in the estimate yet */
    int64_t replies;     /* within it */
    int64_t late_ms;     /* since when all replies have come late, or not at all; 0: not so */
};

/* Time has gone on; `is_busy`: with something in flight. */
void throughput_advance(struct throughput *throughput, bool is_busy, int64_t now_ms);

/* Does it rest on enough to go by? */
bool throughput_is_known(const struct throughput *throughput);

/* Have replies come late for a second, without one that was quick? One hold-up is not enough. */
bool throughput_is_slow(const struct throughput *throughput);

/* A reply has come; advance first. */
void throughput_note_reply(struct throughput *throughput);
/* Somebody has waited for long, or not so, whether for a reply or in vain; advance first. */
void throughput_note_wait(struct throughput *throughput, bool is_long);
