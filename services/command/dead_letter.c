/* What is kept of a message that failed for good. */

#include "dead_letter.h"

#include <inttypes.h>
#include <string.h>

/* Digests of sessions are keys to them and are not among these. */
static bool may_be_kept(const char *header)
{
    static const char *const kept[] = {HEADER_USER_ID,      HEADER_CLIENT_ADDRESS, HEADER_LANGUAGE,
                                       HEADER_MIN_POSITION, HEADER_TRACEPARENT,    HEADER_DEADLINE};
    for (size_t i = 0; i < ARRAY_COUNT(kept); i++) {
        if (strcmp(header, kept[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_utf8(const char *text, size_t size, struct ctx *ctx)
{
    struct buffer quoted;
    buffer_init(&quoted, ctx->arena);
    json_encode_text(text, size, &quoted);
    return json_check(quoted.data, quoted.size, ctx->arena, NULL) == OK;
}

static void put_header(const struct bus_header *header, struct ctx *ctx, struct buffer *json)
{
    bool is_text = header->kind == BUS_TEXT && is_utf8(header->text, strlen(header->text), ctx);
    if (!may_be_kept(header->name) || (!is_text && header->kind != BUS_INTEGER)) {
        return;
    }
    buffer_append_text(json, json->size > 1 ? "," : "");
    json_encode_text(header->name, strlen(header->name), json);
    buffer_append_text(json, ":");
    if (is_text) {
        json_encode_text(header->text, strlen(header->text), json);
    } else {
        buffer_printf(json, "%" PRId64, header->integer);
    }
}

static const char *headers_as_json(const struct bus_message *message, struct ctx *ctx)
{
    struct buffer json;
    buffer_init(&json, ctx->arena);
    buffer_append_text(&json, "{");
    for (size_t i = 0; i < message->header_count; i++) {
        put_header(&message->headers[i], ctx, &json);
    }
    buffer_append_text(&json, "}");
    return json.data;
}

void dead_letter_make(const struct work *work, struct ctx *ctx, struct dead_letter *ret)
{
    const struct bus_message *message = work->message;
    struct buffer body;
    buffer_init(&body, ctx->arena);
    json_redact(ctx->contract->input, message->body == NULL ? "" : message->body,
                message->body_size, ctx->arena, &body);
    enum err err = ctx->problem.err;
    const struct field_error *first = ctx->problem.errors;
    const char *detail = ctx->problem.detail;
    if (first != NULL) {
        detail = arena_printf(ctx->arena, "%s %s", first->field, first->message);
    }
    *ret = (struct dead_letter){
        .message_id = ctx->message_id,
        .message = ctx->contract->name,
        .code = err_info(err)->code,
        .detail = detail == NULL ? err_info(err)->title : detail,
        .body = body.data,
        .headers = headers_as_json(message, ctx),
    };
}
