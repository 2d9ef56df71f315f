/*
 * `/admin/operations/events`: what goes on, as server-sent events (listeners.h), for the staff. Who
 * asks is found out first, by users.me.
 */
#pragma once

#include "services/gateway/responder.h"

extern const struct responder events_responder;

/* Is it for the responder? */
bool events_are_asked(const struct request *request);
