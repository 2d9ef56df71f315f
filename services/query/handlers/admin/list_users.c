/* admin.list_users: the staff sees the users. */

#include "contracts/admin_list_users.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err admin_list_users_handle(struct ctx *ctx, const struct admin_list_users_query *query,
                                 struct admin_list_users_result *result)
{
    TRY(ctx_require_staff(ctx));

    const struct user_filter filter = {
        .search = query->search,
        .has_is_active = query->has_is_active,
        .is_active = query->is_active,
        .has_is_staff = query->has_is_staff,
        .is_staff = query->is_staff,
        .cursor = query->cursor,
        .limit = query->limit,
    };
    struct user_page page;
    TRY(user_reader_list(ctx->ports->users, ctx, &filter, &page));

    result->users = page.users;
    result->users_count = page.count;
    result->next_cursor = page.next_cursor;
    return OK;
}
