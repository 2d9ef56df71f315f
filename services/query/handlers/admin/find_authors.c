/* admin.find_authors: the staff looks for the user who is to be a post's author. */

#include "contracts/admin_find_authors.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err admin_find_authors_handle(struct ctx *ctx, const struct admin_find_authors_query *query,
                                   struct admin_find_authors_result *result)
{
    TRY(ctx_require_staff(ctx));

    return user_reader_find_authors(ctx->ports->users, ctx, query->search, query->limit,
                                    &result->authors, &result->authors_count);
}
