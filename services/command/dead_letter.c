/* What is kept of a message that is handled no more. */

#include "dead_letter.h"

#include <inttypes.h>
#include <string.h>

#include "common/json/text.h"

static void put_header(const struct bus_header *header, struct buffer *json)
{
    size_t characters;
    bool is_text = header->kind == BUS_TEXT &&
                   text_measure(header->text, strlen(header->text), &characters) == TEXT_FINE;
    if (!header_may_be_kept(header->name) || (!is_text && header->kind != BUS_INTEGER)) {
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
        put_header(&message->headers[i], &json);
    }
    buffer_append_text(&json, "}");
    return json.data;
}

/* Repeats of what failed for good are told so; of what killed its worker, too: that is `internal`
 * before the fields were read. All else may be tried again. */
static bool is_final(const struct work *work, enum err err)
{
    return err_info(err)->disposition == ERR_LASTING ||
           (err == ERR_INTERNAL && work->input == NULL);
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
    struct buffer problem;
    buffer_init(&problem, ctx->arena);
    problem_encode(&ctx->problem, &problem);
    *ret = (struct dead_letter){
        .message_id = ctx->message_id,
        .message = ctx->contract->name,
        .code = err_info(err)->code,
        .detail = detail == NULL ? err_info(err)->title : detail,
        .body = body.data,
        .headers = headers_as_json(message, ctx),
        .problem = err == ERR_IDEMPOTENCY_MISMATCH ? NULL : problem.data,
        .is_final = is_final(work, err),
    };
}
