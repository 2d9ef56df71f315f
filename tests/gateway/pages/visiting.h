/* A request for a page, and the replies to what it asks: what the tests of pages begin with. One at
 * a time, with the real site. */
#pragma once

#include "tests/gateway/requests.h"

extern struct request *visited;

void visiting_setup(void);
void visiting_teardown(void);

/* The next request; to be filled in before it is sent. */
void visit_as(const char *method, const char *target);
/* With a session's cookie, or only with that of a visitor. */
void visit_signed_in(void);
void visit_unknown(void);
/* The token that a form of this visitor carries. */
const char *visit_csrf(void);
/* It has come as a whole, with this form (NULL: none). */
void visit_send(const char *form);

/* Messages that wait for an answer, by their names, in their order: "users.me posts.list". */
const char *visit_asked(void);
/* Answer one of them: with a result, … */
void visit_answer(const char *message, const char *result);
/* … with a problem, … */
void visit_fail(const char *message, const char *code, const char *rest);
/* … or with no reply. */
void visit_end(const char *message, enum call_outcome outcome);

/* What came of it. */
void expect_page(int status, const char *part);
void expect_redirect(int status, const char *location);
/* A header of the response holds this. */
void expect_header(const char *name, const char *part);
