/* Prefer and Preference-Applied. */

#include "services/gateway/api/preferences.h"

#include <inttypes.h>
#include <strings.h>

#include "common/http/prefer.h"
#include "services/gateway/request.h"

/* A preference may be in any of several headers. */
static void read_headers(const struct http_request *http, bool *is_async, bool *has_wait,
                         int64_t *wait_s)
{
    for (size_t i = 0; i < http->header_count; i++) {
        const struct http_header *header = &http->headers[i];
        if (strcasecmp(header->name, "Prefer") != 0) {
            continue;
        }
        *is_async = *is_async || prefer_has(header->value, "respond-async");
        *has_wait = *has_wait || prefer_seconds(header->value, "wait", wait_s);
    }
}

void preferences_read(struct request *request)
{
    struct call *call = &request->call;
    struct preferences *preferences = &request->preferences;
    int64_t longest_ms = request->gateway->reply_timeout_ms;
    bool is_command = call->contract->kind == MESSAGE_COMMAND;
    bool is_async = false;
    bool has_wait = false;
    read_headers(&request->http, &is_async, &has_wait, &preferences->wait_s);
    preferences->is_wait_shorter = has_wait && preferences->wait_s * 1000 < longest_ms;
    preferences->is_async =
        is_async && !has_wait && is_command && call->contract->session == SESSION_UNTOUCHED;

    bool is_wait_none = preferences->is_wait_shorter && preferences->wait_s == 0;
    call->is_async = preferences->is_async || (is_wait_none && is_command);
    call->wait_ms = longest_ms;
    if (preferences->is_wait_shorter && !call->is_async) {
        call->wait_ms = is_wait_none ? 1 : preferences->wait_s * 1000;
    }
}

static void append(struct buffer *list, const char *preference)
{
    buffer_append_text(list, list->size == 0 ? "" : ", ");
    buffer_append_text(list, preference);
}

void preferences_add(struct request *request)
{
    const struct preferences *preferences = &request->preferences;
    struct buffer list;
    buffer_init(&list, request->arena);
    if (preferences->is_async) {
        append(&list, "respond-async");
    }
    if (preferences->is_wait_shorter) {
        append(&list, arena_printf(request->arena, "wait=%" PRId64, preferences->wait_s));
    }
    if (preferences->is_token_shown) {
        append(&list, "token");
    }
    if (list.size > 0) {
        http_response_add(&request->response, "Preference-Applied", list.data);
    }
}
