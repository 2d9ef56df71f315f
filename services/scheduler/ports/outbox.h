/*
 * The outbox: messages that were stored with an effect and have not been published yet. Adapter:
 * adapters/postgres_outbox.h; tests: tests/scheduler/fake_outbox.h. One thread; blocks for less
 * than a heartbeat. Any number of schedulers may sweep one outbox: a message that one of them holds
 * is skipped by the others.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/attributes.h"
#include "common/core/err.h"

enum { OUTBOX_AGE_MS = 5000 }; /* younger ones are still their worker's to publish */
enum { OUTBOX_BATCH_MAX = 50, OUTBOX_COUNT_MAX = 100000 };

struct outbox_message {
    int64_t created_us;     /* with message_id, its place in the order */
    const char *message_id; /* its place in the outbox */
    const char *identity;   /* what it is sent under: the same, or that of a command sent again */
    const char *name;       /* of its contract */
    const char *body;
    int64_t user_id;            /* for whom it is done, or NOBODY */
    const char *client_address; /* these four may be NULL */
    const char *language;
    const char *traceparent;
    const char *idempotency_key; /* digest */
    int64_t deadline_ms;         /* Unix time; 0: none */
};

/* What lies in it, young or old. */
struct outbox_size {
    int64_t messages;  /* OUTBOX_COUNT_MAX: so many, or more */
    int64_t oldest_us; /* when the oldest was stored; 0: there is none */
};

struct outbox;

struct outbox_ops {
    enum err (*take)(struct outbox *self, struct arena *arena, const struct outbox_message *after,
                     struct outbox_message ret[OUTBOX_BATCH_MAX], size_t *ret_count);
    enum err (*settle)(struct outbox *self, const char *const *published_ids, size_t count);
    enum err (*measure)(struct outbox *self, struct outbox_size *ret);
};

struct outbox { /* implementations embed this first */
    const struct outbox_ops *ops;
};

/*
 * Take up to OUTBOX_BATCH_MAX messages that are older than OUTBOX_AGE_MS and come after `after`
 * (NULL: from the oldest on), oldest first, and hold them until outbox_settle, which must follow
 * every OK. Texts are in `arena`. ERR_UNAVAILABLE, ERR_INTERNAL: nothing is held.
 */
MUST_CHECK static inline enum err outbox_take(struct outbox *self, struct arena *arena,
                                              const struct outbox_message *after,
                                              struct outbox_message ret[OUTBOX_BATCH_MAX],
                                              size_t *ret_count)
{
    return self->ops->take(self, arena, after, ret, ret_count);
}

/* Delete those that the broker has (by message_id), let go of the rest. On failure they are
 * published again: at least once. */
MUST_CHECK static inline enum err outbox_settle(struct outbox *self,
                                                const char *const *published_ids, size_t count)
{
    return self->ops->settle(self, published_ids, count);
}

/* How much is in it, for those who watch. ERR_UNAVAILABLE, ERR_INTERNAL. */
MUST_CHECK static inline enum err outbox_measure(struct outbox *self, struct outbox_size *ret)
{
    return self->ops->measure(self, ret);
}
