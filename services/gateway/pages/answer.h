/* What a visit ends with: a page, the page of errors, or another address. */
#pragma once

#include "services/gateway/pages/visit.h"

/* The visit's page, from visit->variables. */
void answer_page(struct visit *visit);
/* The page that says what went wrong; `detail` is a text of the catalogues, or translated already;
 * NULL: the usual one of this error. Where nobody wants HTML and there is no page: the problem as
 * the API tells it. */
void answer_problem(struct visit *visit, enum err err, const char *detail);
/* That a command is on its way: 202. */
void answer_pending(struct visit *visit);
/* 302, or 301. `url` is a local path; ctx. */
void answer_redirect(struct visit *visit, int status, const char *url);
