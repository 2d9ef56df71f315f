/* admin.list_changes: the staff sees what the staff has changed. */

#include "contracts/admin_list_changes.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err admin_list_changes_handle(struct ctx *ctx, const struct admin_list_changes_query *query,
                                   struct admin_list_changes_result *result)
{
    TRY(ctx_require_staff(ctx));

    struct change_page page;
    TRY(change_reader_list(ctx->ports->changes, ctx, query->cursor, query->limit, &page));

    result->changes = page.changes;
    result->changes_count = page.count;
    result->next_cursor = page.next_cursor;
    return OK;
}
