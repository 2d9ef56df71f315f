/* From path, query string and body to the input struct of the message. */
#pragma once

#include "common/core/attributes.h"
#include "common/core/err.h"

struct request;

/* Is the body of a kind that can be read, and small enough? ERR_UNSUPPORTED_MEDIA_TYPE,
 * ERR_PAYLOAD_TOO_LARGE. */
MUST_CHECK enum err input_check_body(struct request *request);

/*
 * Read the input of the request's binding into a struct of its contract; ctx. ERR_INVALID_INPUT:
 * the problem says all that is wrong, by field.
 */
MUST_CHECK enum err input_read(struct request *request, const void **ret);
