/* From method and path to the message they stand for. */
#pragma once

#include "common/core/attributes.h"
#include "common/core/err.h"

struct request;

/*
 * Find the request's binding and path values. ERR_NOT_FOUND: no such path (an id that is none
 * or has a wrong MAC counts as that). ERR_METHOD_NOT_ALLOWED: the path has other methods; the
 * response's Allow says which.
 */
MUST_CHECK enum err route_find(struct request *request);
