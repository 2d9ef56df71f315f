/* The audit log to be read, in memory. */

#include "tests/fakes/fake_change_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/fake_text.h"

struct place {
    int64_t changed_at;
    int64_t id;
};

/* The fake's own form: "after-<changed_at>-<id>", and not a byte else. */
static bool read_cursor(const char *cursor, struct place *ret)
{
    char again[64];
    if (sscanf(cursor, "after-%" SCNd64 "-%" SCNd64, &ret->changed_at, &ret->id) != 2) {
        return false;
    }
    (void)snprintf(again, sizeof(again), "after-%" PRId64 "-%" PRId64, ret->changed_at, ret->id);
    return strcmp(again, cursor) == 0;
}

static bool is_older(const struct fake_read_change *change, const struct place *place)
{
    return change->changed_at < place->changed_at ||
           (change->changed_at == place->changed_at && change->id < place->id);
}

static int compare_newest_first(const void *left, const void *right)
{
    const struct fake_read_change *one = *(const struct fake_read_change *const *)left;
    const struct fake_read_change *other = *(const struct fake_read_change *const *)right;
    return is_older(one, &(struct place){other->changed_at, other->id}) ? 1 : -1;
}

/* How much of both is skipped; one byte is one character here. */
static size_t skipped(const struct fake_read_change *change)
{
    size_t same = 0;
    while (change->old[same] != '\0' && change->old[same] == change->new[same]) {
        same++;
    }
    bool is_long = strlen(change->old) > CHANGE_TEXT_MAX || strlen(change->new) > CHANGE_TEXT_MAX;
    return is_long && same > CHANGE_TEXT_MAX - CHANGE_TEXT_LEAD ? same - CHANGE_TEXT_LEAD : 0;
}

/* As far as it is shown. */
static const char *shown(const char *text, size_t start, struct arena *arena)
{
    if (text[0] == '\0') {
        return NULL;
    }
    return arena_printf(arena, "%s%.*s%s", start > 0 ? "…" : "", CHANGE_TEXT_MAX, text + start,
                        strlen(text) > start + CHANGE_TEXT_MAX ? "…" : "");
}

static void read_change(const struct fake_read_change *kept, struct arena *arena,
                        struct admin_change *ret)
{
    struct field_change *field = arena_alloc(arena, sizeof(*field));
    *field = (struct field_change){
        .field = arena_strdup(arena, kept->field),
        .old = shown(kept->old, skipped(kept), arena),
        .new = shown(kept->new, skipped(kept), arena),
    };
    *ret = (struct admin_change){
        .id = kept->id,
        .changed_at = kept->changed_at,
        .user = {1, "ann@example.org"},
        .message = "admin.change_user",
        .object = CHANGED_OBJECT_USER,
        .object_id = kept->object_id,
        .label = "bob@example.org",
        .changed = {field, 1},
    };
}

static enum err fake_list(struct change_reader *base, struct ctx *ctx, const char *cursor,
                          int64_t limit, struct change_page *ret)
{
    const struct fake_change_reader *reader = (const struct fake_change_reader *)base;
    TRY(reader->fails_with);
    struct place place = {INT64_MAX, INT64_MAX};
    if (cursor != NULL && !read_cursor(cursor, &place)) {
        return ctx_invalid(ctx, "cursor", "is not a cursor of this list");
    }
    const struct fake_read_change *chosen[FAKE_READ_CHANGES_MAX];
    size_t found = 0;
    for (size_t i = 0; i < reader->count; i++) {
        if (is_older(&reader->changes[i], &place)) {
            chosen[found++] = &reader->changes[i];
        }
    }
    qsort((void *)chosen, found, sizeof(*chosen), compare_newest_first);
    size_t count = found < (size_t)limit ? found : (size_t)limit;
    *ret = (struct change_page){
        .changes = arena_alloc(ctx->arena, count * sizeof(*ret->changes)),
        .count = count,
    };
    for (size_t i = 0; i < count; i++) {
        read_change(chosen[i], ctx->arena, &ret->changes[i]);
    }
    if (found > count) {
        const struct fake_read_change *last = chosen[count - 1];
        ret->next_cursor =
            arena_printf(ctx->arena, "after-%" PRId64 "-%" PRId64, last->changed_at, last->id);
    }
    return OK;
}

static const struct change_reader_ops fake_ops = {.list = fake_list};

void fake_change_reader_init(struct fake_change_reader *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->base.ops = &fake_ops;
}

struct fake_read_change *fake_change_reader_add(struct fake_change_reader *reader,
                                                int64_t object_id, int64_t changed_at)
{
    assert(reader->count < FAKE_READ_CHANGES_MAX);
    struct fake_read_change *change = &reader->changes[reader->count++];
    *change = (struct fake_read_change){
        .id = (int64_t)reader->count,
        .changed_at = changed_at,
        .object_id = object_id,
        .field = "email",
        .old = "bob@example.com",
        .new = "bob@example.org",
    };
    return change;
}
