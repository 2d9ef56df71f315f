/*
 * How the gateway is, on its main port: `/healthz` (its loop goes round), `/readyz` (it takes
 * requests and the broker takes messages), `/ht/` (each part of Postroom, in JSON:
 * contracts/models/ health.json; 503 unless all is well). Whoever wants HTML of the latter gets the
 * page.
 */
#pragma once

#include "services/gateway/responder.h"

extern const struct responder health_responder;

/* Is it for the responder? */
bool health_is_asked(const struct request *request);
