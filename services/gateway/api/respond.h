/* From the outcome of a message, or from what is wrong with the request, to the HTTP response. */
#pragma once

#include "services/gateway/call.h"

struct request;

/* Answer with the request's problem. */
void respond_problem(struct request *request);

/* Answer with the outcome of the request's call. `reply` is borrowed, and NULL unless the outcome
 * is CALL_REPLIED. */
void respond_outcome(struct request *request, enum call_outcome outcome,
                     const struct bus_message *reply);
