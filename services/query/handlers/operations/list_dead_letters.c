/* operations.list_dead_letters: what failed for good, for the staff. */

#include "contracts/operations_list_dead_letters.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err operations_list_dead_letters_handle(struct ctx *ctx,
                                             const struct operations_list_dead_letters_query *query,
                                             struct operations_list_dead_letters_result *result)
{
    TRY(ctx_require_staff(ctx));

    const struct letter_filter filter = {
        .message = query->message,
        .cursor = query->cursor,
        .limit = query->limit,
    };
    struct letter_page page;
    TRY(letter_reader_list(ctx->ports->letters, ctx, &filter, &page));

    *result = (struct operations_list_dead_letters_result){
        .groups = page.groups,
        .groups_count = page.group_count,
        .letters = page.letters,
        .letters_count = page.letter_count,
        .next_cursor = page.next_cursor,
        .actions = page.actions,
        .actions_count = page.action_count,
    };
    return OK;
}
