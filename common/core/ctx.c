/* The ctx of a message and the reasons it may fail with. */

#include "common/core/ctx.h"

#include <stdarg.h>

#include "common/core/clock.h"

void ctx_init(struct ctx *ctx, struct arena *arena, const struct ports *ports,
              const struct contract *contract)
{
    *ctx = (struct ctx){
        .arena = arena,
        .ports = ports,
        .contract = contract,
        .now_us = clock_wall_us(),
    };
    ctx->outgoing_end = &ctx->outgoing;
}

enum err ctx_fail(struct ctx *ctx, enum err err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ctx->problem.detail =
        arena_vprintf(ctx->arena, language_text(ctx->problem.language, format), arguments);
    va_end(arguments);
    ctx->problem.err = err;
    return err;
}

enum err ctx_invalid(struct ctx *ctx, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message =
        arena_vprintf(ctx->arena, language_text(ctx->problem.language, format), arguments);
    va_end(arguments);
    problem_add(&ctx->problem, ctx->arena, field, "%s", message);
    return ERR_INVALID_INPUT;
}

void ctx_leave(struct ctx *ctx, struct aftermath *aftermath)
{
    aftermath->next = ctx->aftermath;
    ctx->aftermath = aftermath;
}

enum err ctx_write_aftermath(struct ctx *ctx)
{
    for (const struct aftermath *each = ctx->aftermath; each != NULL; each = each->next) {
        TRY(each->write(ctx, each));
    }
    return OK;
}

enum err ctx_require_user(struct ctx *ctx)
{
    if (ctx->user_id == NOBODY) {
        return ctx_fail(ctx, ERR_ACCESS_DENIED, "You have to be logged in");
    }
    return OK;
}

enum err ctx_require_staff(struct ctx *ctx)
{
    TRY(ctx_require_user(ctx));

    if (!ctx->is_staff) {
        return ctx_fail(ctx, ERR_ACCESS_DENIED, "Only members of the staff may do this");
    }
    return OK;
}
