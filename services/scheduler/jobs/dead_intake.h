/*
 * The intake of dead letters: whatever the broker itself gives up comes to one queue, and from
 * there, without its secrets, to where dead letters are kept; only then is it acked. Owner of the
 * bus it consumes from. One thread.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/core/arena.h"
#include "link.h"
#include "ports/dead_letters.h"

enum { DEAD_INTAKE_PREFETCH = 16 };

struct letter_in_hand { /* in an arena of its own */
    struct arena *arena;
    struct letter_in_hand *next;
    struct dead_letter letter;
    uint64_t tag;
};

struct dead_intake {
    struct bus *bus;
    struct link link;
    struct dead_letters *dead_letters;
    struct letter_in_hand *first; /* delivered, not yet kept */
    struct letter_in_hand *last;
};

/* Of the intake's bus, with the intake as owner. The bus consumes QUEUE_DEAD_INTAKE with
 * DEAD_INTAKE_PREFETCH. */
extern const struct bus_events dead_intake_events;

/* Forget the letters in hand: they go back to their queue with the connection. */
void dead_intake_let_go(struct dead_intake *self);

/* Is there a letter to keep? */
bool dead_intake_has_work(const struct dead_intake *self);

/* Keep one letter and ack it. Blocks for two round trips of the database at most. ERR_UNAVAILABLE,
 * ERR_INTERNAL: it stays in hand. */
MUST_CHECK enum err dead_intake_step(struct dead_intake *self);
