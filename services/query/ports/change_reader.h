/*
 * The audit log of what the staff has changed, for reading. Adapter:
 * adapters/postgres_change_reader.h; tests: tests/fakes/fake_change_reader.h. Every function may
 * fail with ERR_UNAVAILABLE (passing trouble) or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct change_reader;

enum {
    CHANGE_TEXT_MAX = 200, /* characters of what a field was and is; longer texts are cut … */
    CHANGE_TEXT_LEAD = 40, /* … to where they differ, and so many before that */
};

struct change_page {
    struct admin_change *changes; /* ctx; newest first: changed_at, then id, descending */
    size_t count;
    const char *next_cursor; /* opaque; NULL at the end; ctx */
};

struct change_reader_ops {
    enum err (*list)(struct change_reader *self, struct ctx *ctx, const char *cursor, int64_t limit,
                     struct change_page *ret);
};

struct change_reader { /* implementations embed this first */
    const struct change_reader_ops *ops;
};

/* A page of the log; `cursor` as next_cursor gave it, or NULL: from the newest. Where a
 * text is cut there is an "…". ERR_INVALID_INPUT on field `cursor` for one that is not ours. */
MUST_CHECK static inline enum err change_reader_list(struct change_reader *self, struct ctx *ctx,
                                                     const char *cursor, int64_t limit,
                                                     struct change_page *ret)
{
    return self->ops->list(self, ctx, cursor, limit, ret);
}
