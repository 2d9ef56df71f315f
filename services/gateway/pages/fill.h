/* From what has been asked and typed to the variables of the page's template. */
#pragma once

#include "services/gateway/pages/visit.h"

/* Make the page's struct: visit->variables. An error: of a local function. */
MUST_CHECK enum err fill_page(struct visit *visit);
/* Make those of the page of errors. `view` is ctx. */
void fill_problem(struct visit *visit, const struct problem_view *view);
