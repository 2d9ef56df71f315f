/*
 * Dead letters and what was done with them, for reading. Adapter:
 * adapters/postgres_letter_reader.h; tests: tests/fakes/fake_letter_reader.h. Every function may
 * fail with ERR_UNAVAILABLE (passing trouble) or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct letter_reader;

enum {
    LETTER_GROUPS_MAX = 100,
    LETTER_ACTIONS_MAX = 20,
    LETTER_TEXT_MAX = 500,     /* of a detail in a list, in characters */
    LETTER_BODY_MAX = 1 << 19, /* longer ones are not shown; in bytes */
};

/* Which letters, and which page of them. */
struct letter_filter {
    const char *message; /* of this name only; NULL: all */
    const char *cursor;  /* as next_cursor gave it, or NULL: from the newest */
    int64_t limit;       /* 1–100 */
};

struct letter_page {                /* ctx */
    struct letter_summary *letters; /* the latest first: by id, descending */
    size_t letter_count;
    const char *next_cursor;     /* opaque; NULL at the end */
    struct letter_group *groups; /* of all letters of the filter; the largest first */
    size_t group_count;
    struct letter_action *actions; /* with letters of the filter; the latest first */
    size_t action_count;
};

struct letter_reader_ops {
    enum err (*list)(struct letter_reader *self, struct ctx *ctx,
                     const struct letter_filter *filter, struct letter_page *ret);
    enum err (*find)(struct letter_reader *self, struct ctx *ctx, int64_t id, struct letter *ret);
};

struct letter_reader { /* implementations embed this first */
    const struct letter_reader_ops *ops;
};

/* A page of letters, and the groups and actions beside it: at most LETTER_GROUPS_MAX and
 * LETTER_ACTIONS_MAX. ERR_INVALID_INPUT on field `cursor` for one that is not ours. */
MUST_CHECK static inline enum err letter_reader_list(struct letter_reader *self, struct ctx *ctx,
                                                     const struct letter_filter *filter,
                                                     struct letter_page *ret)
{
    return self->ops->list(self, ctx, filter, ret);
}

/* The letter of this id; texts are ctx. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err letter_reader_find(struct letter_reader *self, struct ctx *ctx,
                                                     int64_t id, struct letter *ret)
{
    return self->ops->find(self, ctx, id, ret);
}
