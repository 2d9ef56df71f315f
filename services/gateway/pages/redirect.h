/* Where a form leads. */
#pragma once

#include "services/gateway/pages/visit.h"

/* The address of success; ctx. `result` is the struct of the contract's result, or NULL. */
const char *redirect_of(struct visit *visit, const void *result);
/* One value of the path, the form or the result as text; ctx, NULL: it is absent. */
const char *redirect_piece(struct visit *visit, const struct page_piece *piece, const void *result);
/* What the form or the address says to go to afterwards, if it is a local path; or NULL. */
const char *redirect_next(const struct visit *visit);
