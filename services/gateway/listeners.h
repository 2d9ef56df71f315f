/*
 * Who listens to what goes on (`/admin/operations/events`): each gets the overview every two
 * seconds as a server-sent event, whose data is JSON of contracts/models/operations_overview.json.
 * Bounded in number; one that does not keep up is let go of. A stream lasts for LISTENING_MS:
 * whoever goes on listening connects again, and is asked again who they are: so it ends with their
 * session, and holds on to nothing for ever. One thread: the loop's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "services/gateway/request.h"
#include "services/gateway/server.h"

enum { LISTENERS_MAX = 64, LISTENING_MS = 10000, LISTENERS_INTERVAL_MS = 2000 };

struct listeners;

/* Owned. */
struct listeners *listeners_new(void);
void listeners_free(struct listeners *listeners);

bool listeners_have_room(const struct listeners *listeners);

/* A request whose response is_stream has been answered: it gets the first event with the next tick.
 * `request` is borrowed until it is removed. */
void listeners_add(struct listeners *listeners, struct request *request, int64_t now_ms);
/* It is done, or never was one of them. */
void listeners_remove(struct listeners *listeners, const struct request *request);

/* Each turn: tell those who are to be told, end what has lasted. */
void listeners_tick(struct listeners *listeners, struct server *server, int64_t now_ms);
/* End all of them: the gateway drains. */
void listeners_end(struct listeners *listeners, struct server *server);
