/* posts.my: a page of the caller's own posts, drafts too. */

#include "contracts/posts_my.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err posts_my_handle(struct ctx *ctx, const struct posts_my_query *query,
                         struct posts_my_result *result)
{
    TRY(ctx_require_user(ctx));

    struct post_filter filter = {
        .author_id = ctx->user_id,
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
