/* Headers that point at other resources: Location (of what was made, or of a
 * command's state) and Link (of the next page,
 * RFC 8288). */
#pragma once

#include <stddef.h>

#include "common/core/attributes.h"
#include "common/core/err.h"

struct request;

/* Add what the binding asks for. ERR_INTERNAL: the result lacks the fields for it. */
MUST_CHECK enum err link_add(struct request *request, const char *result, size_t size);

/* Location: where the state of the command with this signed id is shown. */
void link_add_state(struct request *request, const char *signed_id);
