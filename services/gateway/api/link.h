/* Headers that point at other resources: Location (of what was made) and Link (of the next page,
 * RFC 8288); and the address of a command's state. */
#pragma once

#include <stddef.h>

#include "common/core/attributes.h"
#include "common/core/err.h"

struct request;

/* Add what the binding asks for. ERR_INTERNAL: the result lacks the fields for it. */
MUST_CHECK enum err link_add(struct request *request, const char *result, size_t size);

/* Where the state of the command with this signed id is shown, or NULL; ctx. */
const char *link_to_state(struct request *request, const char *signed_id);
