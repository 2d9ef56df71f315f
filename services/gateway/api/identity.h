/*
 * Who a message is. A request with an Idempotency-Key becomes the same message each time it is
 * sent, so that its effect happens once; the key belongs to its sender: to the session it came
 * with, or, where there is none and where one is to be started, to the message's name and content.
 */
#pragma once

#include "common/core/attributes.h"
#include "common/core/err.h"

struct request;

/* Read the key of a request that may change something. ERR_INVALID_INPUT: it is none, or there are
 * two. */
MUST_CHECK enum err identity_read(struct request *request);

/* Give the call, which has its body already, its message_id. */
void identity_set(struct request *request);

/* What the worker knows the key by in another session of the same user; ctx. NULL: there is no key,
 * or nobody it could belong to. */
const char *identity_key_digest(const struct request *request);
