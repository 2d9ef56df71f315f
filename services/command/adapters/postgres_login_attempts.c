/* Failed logins in PostgreSQL. */

#include "postgres_login_attempts.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/digest.h"
#include "common/core/memory.h"
#include "common/core/network.h"

static const struct postgres_statement find = {
    "login_attempts_find",
    "SELECT level, (extract(epoch FROM clock_timestamp() - failed_at) * 1000)::int8"
    " FROM login_attempts WHERE key = $1"};

/* $2 one failure, $3 ms in which one drains away, $4 the highest level */
static const struct postgres_statement add = {
    "login_attempts_add",
    "INSERT INTO login_attempts AS a (key, level, failed_at) VALUES ($1, $2, clock_timestamp())"
    " ON CONFLICT (key) DO UPDATE SET failed_at = excluded.failed_at, level = least($4::int8,"
    " greatest(0, a.level - (extract(epoch FROM excluded.failed_at - a.failed_at) * 1000 * $2::int8"
    " / $3::int8)::int8) + excluded.level)"};

static const struct postgres_statement forget = {"login_attempts_forget",
                                                 "DELETE FROM login_attempts WHERE key = $1"};

enum { ONE_FAILURE = 1000 };

struct postgres_login_attempts {
    struct login_attempts base;
    struct postgres *db;
    const char *secret_key;
};

static struct postgres_login_attempts *self_of(struct login_attempts *base)
{
    return (struct postgres_login_attempts *)base;
}

static void lower(char *text)
{
    for (; *text != '\0'; text++) {
        bool is_upper = *text >= 'A' && *text <= 'Z';
        *text = (char)(is_upper ? *text - 'A' + 'a' : *text);
    }
}

/* False: there is no address to count by. */
static bool make_key(const struct postgres_login_attempts *self, const struct ctx *ctx,
                     const char *account, enum attempts_of of, unsigned char ret[DIGEST_SIZE])
{
    static const char *const purposes[ATTEMPTS_OF_COUNT] = {
        [ATTEMPTS_OF_PAIR] = "login attempts of a pair",
        [ATTEMPTS_OF_ACCOUNT] = "login attempts of an account",
        [ATTEMPTS_OF_NETWORK] = "login attempts of a network",
    };
    char network[NETWORK_SIZE];
    network_of(ctx->client_address, network);
    char *name = arena_strdup(ctx->arena, of == ATTEMPTS_OF_NETWORK ? "" : account);
    lower(name);
    size_t network_size = of == ATTEMPTS_OF_ACCOUNT ? 0 : strlen(network);
    digest_keyed(self->secret_key, purposes[of], name, strlen(name), network, network_size, ret);
    return of != ATTEMPTS_OF_NETWORK || network_size > 0;
}

static void add_key(struct postgres_parameters *parameters, const unsigned char key[DIGEST_SIZE])
{
    postgres_add_bytes(parameters, key, DIGEST_SIZE);
}

static enum err find_attempts(struct login_attempts *base, struct ctx *ctx, const char *account,
                              struct attempts ret[ATTEMPTS_OF_COUNT])
{
    struct postgres_login_attempts *self = self_of(base);
    bool is_asked[ATTEMPTS_OF_COUNT];
    for (int of = 0; of < ATTEMPTS_OF_COUNT; of++) {
        unsigned char key[DIGEST_SIZE];
        struct postgres_parameters parameters = {0};
        is_asked[of] = make_key(self, ctx, account, (enum attempts_of)of, key);
        add_key(&parameters, key);
        postgres_queue(self->db, &find, &parameters);
    }
    TRY(postgres_ctx_fail(ctx, postgres_run(self->db)));
    for (int of = 0; of < ATTEMPTS_OF_COUNT; of++) {
        const struct pg_result *found = postgres_result(self->db, (size_t)of);
        ret[of] = (struct attempts){0};
        if (is_asked[of] && postgres_row_count(found) == 1) {
            ret[of].level = postgres_int64(found, 0, 0);
            ret[of].age_ms = postgres_int64(found, 0, 1);
        }
    }
    return OK;
}

/* Always in the order of the enum: two that lock the same rows wait for each other and no more. */
static enum err add_attempt(struct login_attempts *base, struct ctx *ctx, const char *account,
                            const struct attempts_drain drains[ATTEMPTS_OF_COUNT])
{
    struct postgres_login_attempts *self = self_of(base);
    for (int of = 0; of < ATTEMPTS_OF_COUNT; of++) {
        unsigned char key[DIGEST_SIZE];
        struct postgres_parameters parameters = {0};
        if (make_key(self, ctx, account, (enum attempts_of)of, key)) {
            add_key(&parameters, key);
            postgres_add_int64(&parameters, ONE_FAILURE);
            postgres_add_int64(&parameters, drains[of].interval_ms);
            postgres_add_int64(&parameters, drains[of].level_max);
            postgres_queue(self->db, &add, &parameters);
        }
    }
    return postgres_ctx_fail(ctx, postgres_run(self->db));
}

static enum err forget_attempts(struct login_attempts *base, struct ctx *ctx, const char *account)
{
    struct postgres_login_attempts *self = self_of(base);
    unsigned char key[DIGEST_SIZE];
    struct postgres_parameters parameters = {0};
    (void)make_key(self, ctx, account, ATTEMPTS_OF_PAIR, key);
    add_key(&parameters, key);
    return postgres_ctx_fail(ctx, postgres_execute(self->db, &forget, &parameters, NULL));
}

static const struct login_attempts_ops ops = {
    .find = find_attempts, .add = add_attempt, .forget = forget_attempts};

struct login_attempts *postgres_login_attempts_new(struct postgres *db, const char *secret_key)
{
    struct postgres_login_attempts *attempts = memory_new(1, sizeof(*attempts));
    attempts->base.ops = &ops;
    attempts->db = db;
    attempts->secret_key = secret_key;
    return &attempts->base;
}

void postgres_login_attempts_free(struct login_attempts *attempts)
{
    free(attempts);
}
