/*
 * Calls by the ends of their waits: a binary heap, as waits are of different lengths. A call knows
 * its place in it. Internal: waiting.c. One thread.
 */
#pragma once

#include <stddef.h>

#include "services/gateway/call.h"

struct ends;

/* For at most `capacity` calls; owned. */
struct ends *ends_new(size_t capacity);
void ends_free(struct ends *ends);

/* By call->expires_ms, which must not change until the call is removed. */
void ends_add(struct ends *ends, struct call *call);
void ends_remove(struct ends *ends, struct call *call);

/* The call that ends first, or NULL. */
struct call *ends_first(const struct ends *ends);
