/* How an outgoing command or event looks on the wire: the same whether the worker sends it at once
 * or the sweep does later. */
#pragma once

#include "common/bus/bus.h"
#include "common/contract/contract.h"

/* Put a message of the outbox on the bus: commands mandatory, events not. False: the bus takes
 * nothing now. `traceparent` may be NULL, `deadline_ms` (Unix time) 0: none. */
MUST_CHECK bool publication_send(const struct contract *contract, const char *message_id,
                                 const char *body, size_t body_size, const char *traceparent,
                                 int64_t deadline_ms, struct bus *bus, uint64_t *ret_sequence);
