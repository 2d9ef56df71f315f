/* The headers of a message that are kept in its dead letter. */
#pragma once

#include "common/bus/bus.h"
#include "common/core/arena.h"

/* Those that may be kept (envelope.h), numbers and such texts as `is_fit` lets pass, as a JSON
 * object in `arena`. */
const char *kept_headers_encode(const struct bus_message *message, bool (*is_fit)(const char *text),
                                struct arena *arena);
