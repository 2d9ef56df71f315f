/* How an outgoing command or event looks on the wire: the same whether the worker sends it at once,
 * the sweep does later, or somebody sends a dead letter again. */
#pragma once

#include "common/bus/bus.h"
#include "common/contract/contract.h"

struct publication { /* borrowed; texts that are NULL are left out */
    const struct contract *contract;
    const char *message_id;
    const char *body;
    size_t body_size;
    int64_t user_id; /* for whom it is done, or NOBODY */
    const char *client_address;
    const char *language;
    const char *traceparent;
    const char *idempotency_key; /* digest */
    int64_t deadline_ms;         /* Unix time; 0: none */
};

/* Put it on the bus: persistent, and a command mandatory. False: the bus takes nothing now. */
MUST_CHECK bool publication_send(const struct publication *publication, struct bus *bus,
                                 uint64_t *ret_sequence);
