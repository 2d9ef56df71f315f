/*
 * The cross-site rule: a request that changes something and brings no Authorization must come from
 * our own pages or from no browser. Browsers add Sec-Fetch-Site or, the older ones, Origin by
 * themselves; a page of another site cannot forge them.
 */
#pragma once

#include "common/core/attributes.h"
#include "common/core/err.h"

struct request;

/* ERR_ACCESS_DENIED, with its reason in the request's problem, for one from another site. */
MUST_CHECK enum err cross_site_check(struct request *request);
