/* From the outcome of a message, or from what is wrong with the request, to the HTTP response. */
#pragma once

#include <stdbool.h>

#include "common/core/attributes.h"
#include "services/gateway/call.h"

struct request;

/* Answer with the request's problem. */
void respond_problem(struct request *request);
/* Where one can only look: any method but GET and HEAD is refused. True: it was. */
MUST_CHECK bool respond_unless_safe(struct request *request);

/* Answer with the outcome of the request's call. `reply` is borrowed, and NULL unless the outcome
 * is CALL_REPLIED. */
void respond_outcome(struct request *request, enum call_outcome outcome,
                     const struct bus_message *reply);
