/* The request at work. */

#include "services/gateway/request.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/clock.h"
#include "common/core/memory.h"
#include "common/core/uuid.h"
#include "common/http/characters.h"
#include "services/gateway/language.h"

struct request *request_new(const struct gateway *gateway)
{
    struct request *request = memory_new(1, sizeof(*request));
    request->arena = arena_new();
    request->gateway = gateway;
    request_reset(request);
    return request;
}

void request_free(struct request *request)
{
    if (request == NULL) {
        return;
    }
    arena_free(request->arena);
    free(request);
}

void request_reset(struct request *request)
{
    struct arena *arena = request->arena;
    const struct gateway *gateway = request->gateway;
    arena_reset(arena);
    *request = (struct request){
        .arena = arena,
        .gateway = gateway,
        .body_max = REQUEST_BODY_MAX,
        .started_us = clock_monotonic_us(),
    };
    request->call.request = request;
}

/* A caller's own id: `[A-Za-z0-9._-]{1,128}`. */
static bool is_request_id(const char *text)
{
    size_t size = 0;
    while (is_http_alphanumeric(text[size]) ||
           (text[size] != '\0' && strchr("._-", text[size]) != NULL)) {
        size++;
    }
    return text[size] == '\0' && size >= 1 && size <= REQUEST_ID_MAX;
}

void request_identify(struct request *request)
{
    request->language = language_of_request(request);
    request->problem.language = request->language;
    const char *given = http_request_header(&request->http, "X-Request-ID");
    if (given != NULL && is_request_id(given)) {
        memcpy(request->id, given, strlen(given) + 1);
        return;
    }
    uuid_new(request->id);
    request->is_id_ours = true;
}

enum err request_fail(struct request *request, enum err err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    request->problem.err = err;
    request->problem.detail =
        arena_vprintf(request->arena, language_text(request->problem.language, format), arguments);
    va_end(arguments);
    return err;
}

void request_call(struct request *request, struct call *call)
{
    if (request->calls == NULL) {
        request->calls = call;
    } else {
        request->last_call->next_of_request = call;
    }
    request->last_call = call;
    request->unsent = request->unsent == NULL ? call : request->unsent;
    request->open_calls++;
}

struct call *request_take_unsent(struct request *request)
{
    struct call *call = request->unsent;
    request->unsent = call == NULL ? NULL : call->next_of_request;
    return call;
}

bool request_is(const struct request *request, const char *method)
{
    return strcmp(request->http.method, method) == 0;
}

bool request_is_too_large(const struct request *request)
{
    return request->http.body_size > request->body_max;
}

bool request_is_safe(const struct request *request)
{
    return request_is(request, "GET") || request_is(request, "HEAD");
}

bool request_wants_html(const struct request *request)
{
    const char *accept = http_request_header(&request->http, "Accept");
    return accept != NULL && strcasestr(accept, "text/html") != NULL;
}
