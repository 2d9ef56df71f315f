/*
 * The calls of one loop that wait for their outcome: found by correlation id and by the sequence
 * of their publication, and known by which ends first. A correlation id is slot, generation and a
 * keyed digest of both, so that no other process can guess one. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "services/gateway/call.h"

struct waiting;

/* Room for `capacity` calls; owned. */
struct waiting *waiting_new(size_t capacity);
void waiting_free(struct waiting *waiting);
static inline void waiting_cleanup(struct waiting **waiting)
{
    waiting_free(*waiting);
}

/* Take a call in until its expires_ms and give it its correlation id. False: full. The call is
 * borrowed until it is removed. */
MUST_CHECK bool waiting_add(struct waiting *waiting, struct call *call);
void waiting_remove(struct waiting *waiting, struct call *call);
/* Its wait ends at another time. */
void waiting_set_end(struct waiting *waiting, struct call *call, int64_t expires_ms);

/* It has been published, perhaps again, under call->sequence. */
void waiting_note_published(struct waiting *waiting, struct call *call, uint64_t sequence);

/* The call of this correlation id (may be NULL), or NULL: unknown, or gone. */
struct call *waiting_find(const struct waiting *waiting, const char *correlation_id);
/* The call whose latest publication this is, or NULL. */
struct call *waiting_find_published(const struct waiting *waiting, uint64_t sequence);

/* The one whose wait ends first, or NULL. */
struct call *waiting_first_to_end(const struct waiting *waiting);
/* The one that has waited longest, or NULL; the others follow by call->next. */
struct call *waiting_oldest(const struct waiting *waiting);
size_t waiting_count(const struct waiting *waiting);
