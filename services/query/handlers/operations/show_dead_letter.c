/* operations.show_dead_letter: all that is kept of what failed for good, for the staff. */

#include "contracts/operations_show_dead_letter.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err operations_show_dead_letter_handle(struct ctx *ctx,
                                            const struct operations_show_dead_letter_query *query,
                                            struct operations_show_dead_letter_result *result)
{
    TRY(ctx_require_staff(ctx));

    return letter_reader_find(ctx->ports->letters, ctx, query->letter_id, &result->letter);
}
