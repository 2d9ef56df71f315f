/* Dead letters in memory. */

#include "tests/fakes/fake_dead_letter_store.h"

#include <assert.h>
#include <string.h>

#include "common/contract/contract.h"

static enum err count(struct dead_letter_store *base, struct ctx *ctx, int64_t since_us,
                      int64_t *ret_count)
{
    (void)ctx;
    const struct fake_dead_letter_store *store = (const struct fake_dead_letter_store *)base;
    TRY(store->fails_with);
    *ret_count = 0;
    for (size_t i = 0; i < store->count; i++) {
        *ret_count += store->letters[i].failed_us >= since_us ? 1 : 0;
    }
    return OK;
}

static size_t place_of(const struct fake_dead_letter_store *store, int64_t id)
{
    size_t place = 0;
    while (place < store->count && store->letters[place].id != id) {
        place++;
    }
    return place;
}

/* Secrets are told by what stands for them. */
static enum letter_obstacle obstacle_to(const struct fake_letter *letter)
{
    const struct contract *contract = contract_find(letter->message, strlen(letter->message));
    if (contract == NULL || contract->kind != MESSAGE_COMMAND) {
        return LETTER_OBSTACLE_UNKNOWN_MESSAGE;
    }
    if (strcmp(letter->body, "null") == 0) {
        return LETTER_OBSTACLE_UNREADABLE;
    }
    return strstr(letter->body, "[removed]") != NULL ? LETTER_OBSTACLE_HAS_SECRETS
                                                     : LETTER_HAS_LEFT;
}

static void take(struct fake_dead_letter_store *store, const struct ctx *ctx, size_t place)
{
    store->letters[place] = store->letters[--store->count];
    store->acted_for = ctx->user_id;
}

static enum err retry(struct dead_letter_store *base, struct ctx *ctx, int64_t id,
                      enum letter_obstacle *ret)
{
    struct fake_dead_letter_store *store = (struct fake_dead_letter_store *)base;
    TRY(store->fails_with);
    size_t place = place_of(store, id);
    *ret = place == store->count ? LETTER_OBSTACLE_GONE : obstacle_to(&store->letters[place]);
    if (*ret == LETTER_HAS_LEFT) {
        take(store, ctx, place);
        store->sent_again++;
    }
    return OK;
}

static enum err drop(struct dead_letter_store *base, struct ctx *ctx, int64_t id,
                     enum letter_obstacle *ret)
{
    struct fake_dead_letter_store *store = (struct fake_dead_letter_store *)base;
    TRY(store->fails_with);
    size_t place = place_of(store, id);
    *ret = place == store->count ? LETTER_OBSTACLE_GONE : LETTER_HAS_LEFT;
    if (*ret == LETTER_HAS_LEFT) {
        take(store, ctx, place);
        store->dropped++;
    }
    return OK;
}

void fake_dead_letter_store_init(struct fake_dead_letter_store *ret)
{
    static const struct dead_letter_store_ops ops = {.count = count, .retry = retry, .drop = drop};
    *ret = (struct fake_dead_letter_store){.base.ops = &ops};
}

static struct fake_letter *add(struct fake_dead_letter_store *store)
{
    assert(store->count < (size_t)FAKE_DEAD_LETTERS_MAX);
    struct fake_letter *letter = &store->letters[store->count++];
    *letter = (struct fake_letter){
        .id = ++store->last_id,
        .message = "posts.create",
        .body = "{}",
    };
    return letter;
}

void fake_dead_letter_store_add(struct fake_dead_letter_store *store, int64_t failed_us)
{
    add(store)->failed_us = failed_us;
}

int64_t fake_dead_letter_store_put(struct fake_dead_letter_store *store, const char *message,
                                   const char *body)
{
    struct fake_letter *letter = add(store);
    letter->message = message;
    letter->body = body;
    return letter->id;
}
