/* Requests for the gateway's tests, as the server would make them; with the real routes. */
#pragma once

#include "services/gateway/request.h"

/* Settings of a development gateway at http://localhost:8000, public at https://example.org. */
extern struct gateway test_gateway;
void test_gateway_init(void);

/* A request for `target` (with its query string), identified by the X-Request-ID "test"; owned:
 * request_free. */
struct request *test_request(const char *method, const char *target);
void test_add_header(struct request *request, const char *name, const char *value);
/* A body with its Content-Type (NULL: none). */
void test_set_body(struct request *request, const char *content_type, const char *body);

/* The messages about a field in the request's problem, joined by "; "; "" when there are none. */
const char *test_errors(struct request *request, const char *field);
/* A header of the response, or NULL. */
const char *test_response_header(const struct request *request, const char *name);
/* The text of a header of the message to be sent, or NULL. */
const char *test_call_header(const struct request *request, const char *name);
