/* The messages a page asks: all at once, and what is made of their replies. */
#pragma once

#include "services/gateway/pages/visit.h"

/* Ask who visits (if there is a session) and what the page needs. ERR_INVALID_INPUT: what the
 * address says cannot be asked; `visit->request->problem` says why. */
MUST_CHECK enum err ask_begin(struct visit *visit);
/* Ask only who visits. False: there is no session, so nobody does. */
bool ask_who(struct visit *visit);
/* An outcome has come. True: it was the last. */
bool ask_take(struct visit *visit, struct call *call, enum call_outcome outcome,
              const struct bus_message *reply);

/* Who visits, once all have come. ERR_UNAVAILABLE, …: it could not be found out. */
enum err ask_find_user(struct visit *visit);

/* Read a reply: into the struct of the contract's result (ctx), or into the problem. */
void ask_read_reply(struct call *call, enum call_outcome outcome, const struct bus_message *reply,
                    struct problem *problem, void **ret);
