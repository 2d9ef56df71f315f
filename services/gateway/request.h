/*
 * One HTTP request at work, with all that is made for it; one arena, given back when the response
 * has been sent. Requests are used again: a steady flow of them allocates nothing. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/buffer.h"
#include "common/core/err.h"
#include "common/core/problem.h"
#include "common/http/message.h"
#include "common/http/path.h"
#include "common/language/language.h"
#include "services/gateway/api/preferences.h"
#include "services/gateway/call.h"
#include "services/gateway/gateway.h"
#include "services/gateway/local.h"
#include "services/gateway/responder.h"
#include "services/gateway/session.h"

struct visit;
struct exchange; /* the server's part of it */

enum { REQUEST_ID_MAX = 128, REQUEST_BODY_MAX = BUS_BODY_MAX };

struct request {
    const struct gateway *gateway;
    struct local *local;               /* the loop's; NULL before the head */
    const struct responder *responder; /* from the head on */
    struct arena *arena;
    struct http_request http;
    struct http_response response;

    char id[REQUEST_ID_MAX + 1];        /* X-Request-ID */
    bool is_id_ours;                    /* and not the caller's: the message goes by it, too */
    const struct http_binding *binding; /* NULL: no route */
    struct path_values path_values;
    struct session session;
    const char *idempotency_key; /* the caller's own, without quotes; NULL: none */
    struct preferences preferences;
    struct problem problem;
    enum language language; /* of what people read */
    struct visit *visit;    /* for a page; ctx */
    struct call call;       /* of the API's message, or of a page's command */
    const char *route;      /* the pattern of its path, for the log; NULL: none; static */
    size_t body_max;        /* so much of a body is kept */
    int64_t started_us;     /* monotonic */

    struct call *calls; /* all that were begun, in their order */
    struct call *last_call;
    struct call *unsent; /* the first that the broker does not know of yet */
    size_t open_calls;   /* whose outcome is to come */
    struct exchange *exchange;
};

/* A request to be filled in; owned. */
struct request *request_new(const struct gateway *gateway);
void request_free(struct request *request);
static inline void request_cleanup(struct request **request)
{
    request_free(*request);
}
/* Make it a new one. */
void request_reset(struct request *request);

/* Once the headers are known: the id it goes by. */
void request_identify(struct request *request);

/* Note why it fails; returns err. */
enum err request_fail(struct request *request, enum err err, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Have a call sent, once its contract and its message are filled in; its outcome comes to the
 * request's responder. The call is borrowed until the request is done. */
void request_call(struct request *request, struct call *call);
/* The next call that is to be sent, or NULL. */
struct call *request_take_unsent(struct request *request);

/* Is this its method? */
bool request_is(const struct request *request, const char *method);
/* More of a body came, or is announced, than may. A body without end is answered before it has come
 * as a whole: then nothing may be asked first. */
bool request_is_too_large(const struct request *request);
/* GET and HEAD change nothing. */
bool request_is_safe(const struct request *request);
/* A person looks at the answer, and no program. */
bool request_wants_html(const struct request *request);
