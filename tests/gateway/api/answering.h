/* A request that has become a message, and the reply to it: what the tests of responses begin with.
 */
#pragma once

#include "services/gateway/request.h"

#define TIME "2024-01-31T12:00:00.000000Z"
#define AUTHOR "{\"id\":1,\"email\":\"a@b.c\"}"
#define POST                                                                                       \
    "{\"id\":7,\"title\":\"t\",\"content\":\"c\",\"status\":\"draft\",\"created_at\":\"" TIME      \
    "\",\"updated_at\":\"" TIME "\",\"author\":" AUTHOR "}"

extern struct request *request;
extern struct bus_message reply;

void answering_setup(void);
void answering_teardown(void);

/* Send this request, with a form for a body (NULL: none). */
void ask(const char *method, const char *target, const char *form);
void log_in(void);
/* The reply to it, of this type and with this body. */
void answer(const char *type, const char *body);

/* What came of it. */
void expect_response(int status, const char *body);
void expect_code(int status, const char *code);
