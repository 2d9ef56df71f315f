/* Expiry in PostgreSQL. */

#include "adapters/postgres_expiry.h"

static const struct postgres_statement remove_sessions = {
    "expire_sessions",
    "DELETE FROM sessions WHERE digest IN (SELECT digest FROM sessions"
    " WHERE expires_at < now() LIMIT $1::int8 FOR UPDATE SKIP LOCKED)",
};

/* 7 days: IDENTITY_LIFETIME_DAYS and ATTEMPT_LIFETIME_DAYS. */
static const struct postgres_statement remove_identities = {
    "expire_identities",
    "DELETE FROM inbox WHERE message_id IN (SELECT message_id FROM inbox"
    " WHERE created_at < now() - interval '7 days' LIMIT $1::int8 FOR UPDATE SKIP LOCKED)",
};

static const struct postgres_statement remove_attempts = {
    "expire_attempts",
    "DELETE FROM attempts WHERE message_id IN (SELECT message_id FROM attempts"
    " WHERE updated_at < now() - interval '7 days' LIMIT $1::int8 FOR UPDATE SKIP LOCKED)",
};

static const struct postgres_statement *const statements[EXPIRING_COUNT] = {
    [EXPIRING_SESSIONS] = &remove_sessions,
    [EXPIRING_IDENTITIES] = &remove_identities,
    [EXPIRING_ATTEMPTS] = &remove_attempts,
};

static enum err remove_rows(struct expiry *base, enum expiring what, size_t limit,
                            size_t *ret_count)
{
    struct postgres *db = ((struct postgres_expiry *)base)->db;
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, (int64_t)limit);
    const struct pg_result *result;
    TRY(postgres_execute(db, statements[what], &parameters, &result));
    *ret_count = (size_t)postgres_affected(result);
    return OK;
}

void postgres_expiry_init(struct postgres_expiry *self, struct postgres *db)
{
    static const struct expiry_ops ops = {.remove = remove_rows};
    _Static_assert(IDENTITY_LIFETIME_DAYS == 7 && ATTEMPT_LIFETIME_DAYS == 7,
                   "as the statements have them");
    *self = (struct postgres_expiry){.expiry.ops = &ops, .db = db};
}
