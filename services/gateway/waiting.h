/*
 * The calls of one loop that wait for their outcome: found by correlation id, and kept in the order
 * of their beginnings, which, all waiting equally long, is the order of their ends. A correlation
 * id is slot, generation and a keyed digest of both, so that no other process can guess one. One
 * thread.
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

/* Take a call in and give it its correlation id. False: full. The call is borrowed until it is
 * removed. */
MUST_CHECK bool waiting_add(struct waiting *waiting, struct call *call);
void waiting_remove(struct waiting *waiting, struct call *call);

/* The call of this correlation id (may be NULL), or NULL: unknown, or gone. */
struct call *waiting_find(const struct waiting *waiting, const char *correlation_id);

/* The one that has waited longest, or NULL; the others follow by call->next. */
struct call *waiting_oldest(const struct waiting *waiting);
size_t waiting_count(const struct waiting *waiting);
