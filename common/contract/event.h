/* Events on the wire: CloudEvents 1.0 in JSON (application/cloudevents+json), structured mode. */
#pragma once

#include <stdint.h>

#include "common/contract/contract.h"
#include "common/core/buffer.h"

/* Append the event: `value` is of the contract's input struct. `id` tells a repeat. */
void event_encode(const struct contract *contract, const char *id, int64_t time_us,
                  const void *value, struct buffer *buffer);
