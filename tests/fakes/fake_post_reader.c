/* Posts to be read, in memory. */

#include "tests/fakes/fake_post_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/fake_text.h"

struct place {
    int64_t created_at;
    int64_t id;
};

static struct fake_post_reader *reader_of(struct post_reader *base)
{
    return (struct fake_post_reader *)base;
}

/* The fake's own form: "after-<created_at>-<id>", and not a byte else. */
static bool read_cursor(const char *cursor, struct place *ret)
{
    char again[64];
    if (sscanf(cursor, "after-%" SCNd64 "-%" SCNd64, &ret->created_at, &ret->id) != 2) {
        return false;
    }
    (void)snprintf(again, sizeof(again), "after-%" PRId64 "-%" PRId64, ret->created_at, ret->id);
    return strcmp(again, cursor) == 0;
}

static bool is_older(const struct fake_read_post *post, const struct place *place)
{
    return post->created_at < place->created_at ||
           (post->created_at == place->created_at && post->id < place->id);
}

static int compare_newest_first(const void *left, const void *right)
{
    const struct fake_read_post *one = *(const struct fake_read_post *const *)left;
    const struct fake_read_post *other = *(const struct fake_read_post *const *)right;
    return is_older(one, &(struct place){other->created_at, other->id}) ? 1 : -1;
}

static size_t choose(const struct fake_post_reader *reader, const struct post_filter *filter,
                     const struct place *place, const struct fake_read_post **ret)
{
    size_t count = 0;
    for (size_t i = 0; i < reader->count; i++) {
        const struct fake_read_post *post = &reader->posts[i];
        bool is_wanted = filter->author_id == 0 || post->author_id == filter->author_id;
        bool has_status = filter->status == 0 || post->status == filter->status;
        if (is_wanted && has_status && is_older(post, place) &&
            fake_text_has(post->title, filter->search)) {
            ret[count++] = post;
        }
    }
    qsort((void *)ret, count, sizeof(*ret), compare_newest_first);
    return count;
}

static enum err fake_list(struct post_reader *base, struct ctx *ctx,
                          const struct post_filter *filter, struct post_page *ret)
{
    TRY(reader_of(base)->fails_with);
    struct place place = {INT64_MAX, INT64_MAX};
    if (filter->cursor != NULL && !read_cursor(filter->cursor, &place)) {
        return ctx_invalid(ctx, "cursor", "is not a cursor of this list");
    }
    const struct fake_read_post *chosen[FAKE_READ_POSTS_MAX];
    size_t count = choose(reader_of(base), filter, &place, chosen);
    bool has_more = count > (size_t)filter->limit;
    count = has_more ? (size_t)filter->limit : count;
    *ret = (struct post_page){
        .posts = arena_alloc(ctx->arena, count * sizeof(*ret->posts)),
        .count = count,
    };
    for (size_t i = 0; i < count; i++) {
        ret->posts[i] = (struct post_summary){
            .id = chosen[i]->id,
            .title = arena_strdup(ctx->arena, chosen[i]->title),
            .status = chosen[i]->status,
            .created_at = chosen[i]->created_at,
            .author = {chosen[i]->author_id, arena_strdup(ctx->arena, chosen[i]->author_email)},
        };
    }
    if (has_more) {
        const struct fake_read_post *last = chosen[count - 1];
        ret->next_cursor =
            arena_printf(ctx->arena, "after-%" PRId64 "-%" PRId64, last->created_at, last->id);
    }
    return OK;
}

static enum err fake_find(struct post_reader *base, struct ctx *ctx, int64_t id, struct post *ret)
{
    const struct fake_post_reader *reader = reader_of(base);
    TRY(reader->fails_with);
    for (size_t i = 0; i < reader->count; i++) {
        const struct fake_read_post *post = &reader->posts[i];
        if (post->id == id) {
            *ret = (struct post){
                .id = id,
                .title = arena_strdup(ctx->arena, post->title),
                .content = arena_strdup(ctx->arena, post->content),
                .status = post->status,
                .created_at = post->created_at,
                .updated_at = post->updated_at,
                .author = {post->author_id, arena_strdup(ctx->arena, post->author_email)},
            };
            return OK;
        }
    }
    return ctx_fail(ctx, ERR_NOT_FOUND, "no post %" PRId64, id);
}

static enum err fake_count(struct post_reader *base, struct ctx *ctx, int64_t author_id,
                           int64_t *ret)
{
    (void)ctx;
    const struct fake_post_reader *reader = reader_of(base);
    TRY(reader->fails_with);
    *ret = 0;
    for (size_t i = 0; i < reader->count; i++) {
        *ret += reader->posts[i].author_id == author_id ? 1 : 0;
    }
    return OK;
}

static const struct post_reader_ops fake_ops = {
    .list = fake_list, .find = fake_find, .count = fake_count};

void fake_post_reader_init(struct fake_post_reader *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->base.ops = &fake_ops;
    ret->clock_us = INT64_C(1704067200000000); /* 2024-01-01 */
}

struct fake_read_post *fake_post_reader_add(struct fake_post_reader *reader, int64_t author_id,
                                            const char *title, enum post_status status)
{
    assert(reader->count < FAKE_READ_POSTS_MAX);
    struct fake_read_post *post = &reader->posts[reader->count++];
    reader->clock_us += 1000000;
    *post = (struct fake_read_post){
        .id = ++reader->last_id,
        .content = "some content",
        .author_id = author_id,
        .status = status,
        .created_at = reader->clock_us,
        .updated_at = reader->clock_us,
    };
    fake_text_copy(post->title, sizeof(post->title), title);
    (void)snprintf(post->author_email, sizeof(post->author_email), "author%" PRId64 "@example.com",
                   author_id);
    return post;
}

void fake_post_reader_remove(struct fake_post_reader *reader, int64_t id)
{
    for (size_t i = 0; i < reader->count; i++) {
        if (reader->posts[i].id == id) {
            reader->posts[i] = reader->posts[--reader->count];
            return;
        }
    }
}
