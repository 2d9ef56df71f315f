/* From a path to the page. */
#pragma once

#include "services/gateway/pages/visit.h"

/*
 * Find the page of the request's path: visit->page and the values in the path. ERR_NOT_FOUND: there
 * is none (an id that is none counts as that). ERR_METHOD_NOT_ALLOWED: it has other methods; the
 * response's Allow says which.
 */
MUST_CHECK enum err find_page(struct visit *visit);
/* Where the same path with a slash at its end leads to, query string and all, or NULL: to nothing.
 */
const char *find_with_slash(struct visit *visit);
