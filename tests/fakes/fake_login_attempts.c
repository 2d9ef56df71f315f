/* Failed logins in memory. */

#include "tests/fakes/fake_login_attempts.h"

#include <string.h>
#include <strings.h>

#include "tests/fakes/fake_text.h"

static struct fake_login_attempts *self_of(struct login_attempts *base)
{
    return (struct fake_login_attempts *)base;
}

static struct fake_attempts describe(const struct ctx *ctx, const char *account,
                                     enum attempts_of of)
{
    struct fake_attempts made = {.of = of};
    fake_text_copy(made.account, sizeof(made.account), of == ATTEMPTS_OF_NETWORK ? "" : account);
    if (of != ATTEMPTS_OF_ACCOUNT) {
        network_of(ctx->client_address, made.network);
    }
    return made;
}

/* Its place, or the end of all. */
static struct fake_attempts *get(struct fake_login_attempts *self, const struct fake_attempts *key)
{
    for (size_t i = 0; i < self->count; i++) {
        struct fake_attempts *each = &self->attempts[i];
        if (each->of == key->of && strcasecmp(each->account, key->account) == 0 &&
            strcmp(each->network, key->network) == 0) {
            return each;
        }
    }
    return &self->attempts[self->count];
}

static enum err fake_find(struct login_attempts *base, struct ctx *ctx, const char *account,
                          struct attempts ret[ATTEMPTS_OF_COUNT])
{
    struct fake_login_attempts *self = self_of(base);
    const struct attempts none = {0};
    TRY(self->fails_with);
    for (int of = 0; of < ATTEMPTS_OF_COUNT; of++) {
        struct fake_attempts key = describe(ctx, account, (enum attempts_of)of);
        const struct fake_attempts *found = get(self, &key);
        ret[of] = found == &self->attempts[self->count] ? none : found->counted;
    }
    return OK;
}

static enum err fake_add(struct login_attempts *base, struct ctx *ctx, const char *account,
                         const struct attempts_drain drains[ATTEMPTS_OF_COUNT])
{
    struct fake_login_attempts *self = self_of(base);
    TRY(self->fails_with);
    for (int of = 0; of < ATTEMPTS_OF_COUNT; of++) {
        struct fake_attempts key = describe(ctx, account, (enum attempts_of)of);
        struct fake_attempts *place = get(self, &key);
        if (of == ATTEMPTS_OF_NETWORK && key.network[0] == '\0') {
            continue;
        }
        if (place == &self->attempts[self->count]) {
            assert(self->count < FAKE_ATTEMPTS_MAX - 1);
            self->count++;
            *place = key;
        }
        struct attempts *counted = &place->counted;
        counted->level -= counted->age_ms * 1000 / drains[of].interval_ms;
        counted->level = (counted->level < 0 ? 0 : counted->level) + 1000;
        counted->level =
            counted->level > drains[of].level_max ? drains[of].level_max : counted->level;
        counted->age_ms = 0;
    }
    return OK;
}

static enum err fake_forget(struct login_attempts *base, struct ctx *ctx, const char *account)
{
    struct fake_login_attempts *self = self_of(base);
    TRY(self->fails_with);
    struct fake_attempts key = describe(ctx, account, ATTEMPTS_OF_PAIR);
    struct fake_attempts *place = get(self, &key);
    if (place != &self->attempts[self->count]) {
        *place = self->attempts[--self->count];
    }
    return OK;
}

static const struct login_attempts_ops fake_ops = {
    .find = fake_find, .add = fake_add, .forget = fake_forget};

void fake_login_attempts_init(struct fake_login_attempts *ret)
{
    *ret = (struct fake_login_attempts){.base.ops = &fake_ops};
}

void fake_login_attempts_pass(struct fake_login_attempts *attempts, int64_t time_ms)
{
    for (size_t i = 0; i < attempts->count; i++) {
        attempts->attempts[i].counted.age_ms += time_ms;
    }
}
