/* posts.list: a page of the published posts. */

#include "contracts/posts_list.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err posts_list_handle(struct ctx *ctx, const struct posts_list_query *query,
                           struct posts_list_result *result)
{
    struct post_filter filter = {
        .author_id = query->author,
        .status = POST_STATUS_PUBLISHED,
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
