/* operations.list_dead_letters: what failed for good, for the staff. */

#include "contracts/operations_list_dead_letters.h" /* generated: query, result, prototype */

#include <string.h>

#include "ctx.h"
#include "ports.h"

/* The beginnings of what is noted of actions, as operations.retry_dead_letters and the command line
 * write them. */
static const char *const beginnings[] = {
    N_("sent again after:"),
    N_("sent again, with secrets given anew, after:"),
};

/* In the caller's language, as far as it is ours. */
static const char *translate(struct ctx *ctx, const char *detail)
{
    for (size_t i = 0; i < ARRAY_COUNT(beginnings); i++) {
        size_t size = strlen(beginnings[i]);
        if (strncmp(detail, beginnings[i], size) == 0) {
            return arena_printf(ctx->arena, "%s%s",
                                language_text(ctx->problem.language, beginnings[i]), detail + size);
        }
    }
    return detail;
}

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

    for (size_t i = 0; i < page.action_count; i++) {
        page.actions[i].detail = translate(ctx, page.actions[i].detail);
    }
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
