/*
 * The JSON API, from request to message and from reply to response: a straight walk without a
 * socket in it. Three steps, each taken once: the head, the whole, the outcome.
 */
#pragma once

#include "common/core/attributes.h"
#include "common/core/err.h"
#include "services/gateway/responder.h"

struct request;

/* All of it, for the loop. */
extern const struct responder api_responder;

/* The headers are there: path, method, cross-site. On an error the body need not be kept. */
MUST_CHECK enum err api_read_head(struct request *request);

/*
 * The body is there too: media type, size, key, session, input, message. OK: request->call is to be
 * sent. An error, this one's or api_read_head's, is in request->problem.
 */
MUST_CHECK enum err api_read(struct request *request);

/* Make the response: of the problem, … */
void api_refuse(struct request *request);
/* … or of the call's outcome. `reply` is borrowed, and NULL unless it is CALL_REPLIED. */
void api_answer(struct request *request, enum call_outcome outcome,
                const struct bus_message *reply);
