/* Dead letters in memory. */

#include "tests/fakes/fake_dead_letter_store.h"

#include <assert.h>

static enum err count(struct dead_letter_store *base, struct ctx *ctx, int64_t since_us,
                      int64_t *ret_count)
{
    (void)ctx;
    const struct fake_dead_letter_store *store = (const struct fake_dead_letter_store *)base;
    TRY(store->fails_with);
    *ret_count = 0;
    for (size_t i = 0; i < store->count; i++) {
        *ret_count += store->failed_us[i] >= since_us ? 1 : 0;
    }
    return OK;
}

void fake_dead_letter_store_init(struct fake_dead_letter_store *ret)
{
    static const struct dead_letter_store_ops ops = {.count = count};
    *ret = (struct fake_dead_letter_store){.base.ops = &ops};
}

void fake_dead_letter_store_add(struct fake_dead_letter_store *store, int64_t failed_us)
{
    assert(store->count < (size_t)FAKE_DEAD_LETTERS_MAX);
    store->failed_us[store->count++] = failed_us;
}
