/* What of a reply's body the response shows: the fields that the binding names, or the very bytes
 * where it shows all. */
#pragma once

#include <stddef.h>

#include "common/core/attributes.h"
#include "common/core/err.h"

struct request;

/* Set the response's body from the result. ERR_INTERNAL: it is no result of this contract. */
MUST_CHECK enum err view_show(struct request *request, const char *result, size_t size);
