/* sessions.list: where the caller is signed in. */

#include "contracts/sessions_list.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err sessions_list_handle(struct ctx *ctx, UNUSED const struct sessions_list_query *query,
                              struct sessions_list_result *result)
{
    TRY(ctx_require_user(ctx));

    struct session_list list;
    TRY(session_reader_list(ctx->ports->sessions, ctx, ctx->user_id, &list));

    result->sessions = list.sessions;
    result->sessions_count = list.count;
    return OK;
}
