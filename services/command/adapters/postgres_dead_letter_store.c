/* Dead letters in PostgreSQL, counted. */

#include "postgres_dead_letter_store.h"

#include <stdlib.h>

#include "common/core/memory.h"

static const struct postgres_statement count_since = {
    "dead_letters_count", "SELECT count(*) FROM dead_letters WHERE failed_at >= $1::timestamptz"};

struct postgres_dead_letter_store {
    struct dead_letter_store base;
    struct postgres *db;
};

static enum err count(struct dead_letter_store *self, struct ctx *ctx, int64_t since_us,
                      int64_t *ret_count)
{
    struct postgres *db = ((struct postgres_dead_letter_store *)self)->db;
    struct postgres_parameters parameters = {0};
    postgres_add_time(&parameters, since_us);
    const struct pg_result *result;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &count_since, &parameters, &result)));
    *ret_count = postgres_int64(result, 0, 0);
    return OK;
}

struct dead_letter_store *postgres_dead_letter_store_new(struct postgres *db)
{
    static const struct dead_letter_store_ops ops = {.count = count};
    struct postgres_dead_letter_store *store = memory_new(1, sizeof(*store));
    store->base.ops = &ops;
    store->db = db;
    return &store->base;
}

void postgres_dead_letter_store_free(struct dead_letter_store *store)
{
    free(store);
}
