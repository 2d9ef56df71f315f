/*
 * Commands whose senders were told that they are pending, while the broker has not said that it has
 * them. They are sent again under their message_id when a connection was lost under them, or when
 * the broker refused them, until it has them or their deadline is over: what was written is not
 * forgotten with the wait of its sender. Bounded; what does not fit is left to its fate. One
 * thread: the loop's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/bus/bus.h"
#include "services/gateway/call.h"

struct leftovers;

/* Owned. */
struct leftovers *leftovers_new(void);
void leftovers_free(struct leftovers *leftovers);

/* Keep a copy of a call that was published as call->sequence. */
void leftovers_add(struct leftovers *leftovers, const struct call *call);
/* A connection was lost: nothing will be heard of what was published so far. */
void leftovers_note_loss(struct leftovers *leftovers);
/* The broker has this publication. */
void leftovers_confirm(struct leftovers *leftovers, uint64_t sequence);
/* The broker has refused this publication, or no queue took it. */
void leftovers_refuse(struct leftovers *leftovers, uint64_t sequence, int64_t now_ms);
/* Send again what has to be; `reply_to` is where nobody waits for the replies. */
void leftovers_send(struct leftovers *leftovers, struct bus *publisher, const char *reply_to,
                    int64_t now_ms);
size_t leftovers_count(const struct leftovers *leftovers);
