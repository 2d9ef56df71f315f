/* How an outgoing command or event looks on the wire: the same whether the worker sends it at once,
 * the sweep does later, or somebody sends a dead letter again. */
#pragma once

#include "common/bus/bus.h"
#include "common/contract/contract.h"

/* The wire form of a command or event: persistent, and a command mandatory. Points into the
 * arguments. */
struct bus_message publication_message(const struct contract *contract, const char *message_id,
                                       const struct bus_header *headers, size_t header_count,
                                       const char *body, size_t body_size);

/* Put a message of the outbox on the bus. False: the bus takes
 * nothing now. `traceparent` may be NULL, `deadline_ms` (Unix time) 0: none. */
MUST_CHECK bool publication_send(const struct contract *contract, const char *message_id,
                                 const char *body, size_t body_size, const char *traceparent,
                                 int64_t deadline_ms, struct bus *bus, uint64_t *ret_sequence);
