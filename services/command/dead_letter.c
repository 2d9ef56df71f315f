/* What is kept of a message that is handled no more. */

#include "dead_letter.h"

#include <string.h>

#include "common/json/text.h"
#include "common/service/kept_headers.h"

static bool is_text(const char *text)
{
    size_t characters;
    return text_measure(text, strlen(text), &characters) == TEXT_FINE;
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
        .headers = kept_headers_encode(message, is_text, ctx->arena),
        .problem = err == ERR_IDEMPOTENCY_MISMATCH ? NULL : problem.data,
        .is_final = is_final(work, err),
    };
}
