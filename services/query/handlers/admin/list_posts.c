/* admin.list_posts: the staff sees everybody's posts. */

#include "contracts/admin_list_posts.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err admin_list_posts_handle(struct ctx *ctx, const struct admin_list_posts_query *query,
                                 struct admin_list_posts_result *result)
{
    TRY(ctx_require_staff(ctx));

    const struct post_filter filter = {
        .search = query->search,
        .status = query->status,
        .author_id = query->author,
        .cursor = query->cursor,
        .limit = query->limit,
    };
    struct post_page page;
    TRY(post_reader_list(ctx->ports->posts, ctx, &filter, &page));

    result->posts = page.posts;
    result->posts_count = page.count;
    result->next_cursor = page.next_cursor;
    return OK;
}
