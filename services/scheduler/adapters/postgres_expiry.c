/* Expiry in PostgreSQL. */

#include "adapters/postgres_expiry.h"

/*
 * The oldest first, by the index on their age, each found again by its key. Without the order, or
 * with "IN", a plan made for any limit ($1) reads the whole table instead: at every batch.
 */
#define REMOVE(table, key, age, is_over)                                                           \
    "DELETE FROM " table " WHERE " key " = ANY (ARRAY(SELECT " key " FROM " table " WHERE " age    \
    " < " is_over " ORDER BY " age " LIMIT $1::int8 FOR UPDATE SKIP LOCKED))"
#define LIFETIME_AGO "now() - $2::int8 * interval '1 hour'"

static const struct postgres_statement remove_sessions = {
    "expire_sessions", REMOVE("sessions", "digest", "expires_at", "now()")};

static const struct postgres_statement remove_identities = {
    "expire_identities", REMOVE("inbox", "message_id", "created_at", LIFETIME_AGO)};

static const struct postgres_statement remove_attempts = {
    "expire_attempts", REMOVE("attempts", "message_id", "updated_at", LIFETIME_AGO)};

/* The highest level drains away within this time: services/command/rules/login_throttle.c. */
static const struct postgres_statement remove_login_attempts = {
    "expire_login_attempts",
    REMOVE("login_attempts", "key", "failed_at", "now() - interval '3 hours'")};

static const struct postgres_statement *const statements[EXPIRING_COUNT] = {
    [EXPIRING_SESSIONS] = &remove_sessions,
    [EXPIRING_IDENTITIES] = &remove_identities,
    [EXPIRING_ATTEMPTS] = &remove_attempts,
    [EXPIRING_LOGIN_ATTEMPTS] = &remove_login_attempts,
};

static enum err remove_rows(struct expiry *base, enum expiring what, size_t limit,
                            size_t *ret_count)
{
    const struct postgres_expiry *self = (const struct postgres_expiry *)base;
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, (int64_t)limit);
    if (what == EXPIRING_IDENTITIES || what == EXPIRING_ATTEMPTS) {
        postgres_add_int64(&parameters, self->identity_lifetime_hours);
    }
    const struct pg_result *result;
    TRY(postgres_execute(self->db, statements[what], &parameters, &result));
    *ret_count = (size_t)postgres_affected(result);
    return OK;
}

void postgres_expiry_init(struct postgres_expiry *self, struct postgres *db,
                          int64_t identity_lifetime_hours)
{
    static const struct expiry_ops ops = {.remove = remove_rows};
    *self = (struct postgres_expiry){
        .expiry.ops = &ops, .db = db, .identity_lifetime_hours = identity_lifetime_hours};
}
