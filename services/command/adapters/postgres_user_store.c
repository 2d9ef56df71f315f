/* Users in PostgreSQL, for writing. */

#include "postgres_user_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

/* not by the unique violation: that would break the transaction */
static const struct postgres_statement insert = {
    "user_insert",
    "INSERT INTO users (email, password_hash, is_active, is_staff, is_superuser, language)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (lower(email COLLATE \"C\")) DO "
    "NOTHING RETURNING id, created_at"};

#define COLUMNS                                                                                    \
    "SELECT id, email, password_hash, is_active, is_staff, is_superuser, language, last_login,"    \
    " created_at FROM users "

static const struct postgres_statement find = {"user_find", COLUMNS "WHERE id = $1"};
static const struct postgres_statement lock = {"user_lock", COLUMNS "WHERE id = $1 FOR UPDATE"};
static const struct postgres_statement lock_all = {
    "user_lock_all", COLUMNS "WHERE id = ANY ($1::int8[]) ORDER BY id FOR UPDATE"};
/* as with insert */
static const struct postgres_statement update_statement = {
    "user_update", "UPDATE users SET email = $2, is_active = $3, is_staff = $4, is_superuser = $5"
                   " WHERE id = $1 AND NOT EXISTS (SELECT FROM users other WHERE other.id <> $1 AND"
                   " lower(other.email COLLATE \"C\") = lower($2::text COLLATE \"C\"))"};
static const struct postgres_statement remove_statement = {"user_remove",
                                                           "DELETE FROM users WHERE id = $1"};
static const struct postgres_statement find_by_email = {
    "user_find_by_email",
    COLUMNS "WHERE lower(email COLLATE \"C\") = lower($1::text COLLATE \"C\")"};

static const struct postgres_statement set_last_login = {
    "user_set_last_login", "UPDATE users SET last_login = now()"
                           " WHERE id = $1 AND password_hash = $2 AND is_active"};

static const struct postgres_statement set_password = {
    "user_set_password", "UPDATE users SET password_hash = $2 WHERE id = $1"};

static const struct postgres_statement set_language = {
    "user_set_language", "UPDATE users SET language = $2 WHERE id = $1"};

static const struct postgres_statement list_staff = {
    "user_list_staff", "SELECT id FROM users WHERE is_active AND is_staff AND id > $1::int8"
                       " ORDER BY id LIMIT $2::int8"};

struct postgres_user_store {
    struct user_store base;
    struct postgres *db;
};

static struct postgres *db_of(struct user_store *self)
{
    return ((struct postgres_user_store *)self)->db;
}

static enum err insert_user(struct user_store *self, struct ctx *ctx, struct account *account)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, account->email);
    postgres_add_text(&parameters, account->password_hash);
    postgres_add_bool(&parameters, account->is_active);
    postgres_add_bool(&parameters, account->is_staff);
    postgres_add_bool(&parameters, account->is_superuser);
    postgres_add_text(&parameters, account->language);
    const struct pg_result *inserted;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &insert, &parameters, &inserted)));
    if (postgres_row_count(inserted) == 0) {
        return ctx_fail(ctx, ERR_USER_ALREADY_EXISTS, "a user with this e-mail address exists");
    }
    account->id = postgres_int64(inserted, 0, 0);
    account->created_at = postgres_time(inserted, 0, 1);
    return OK;
}

static void read_account(const struct pg_result *found, int row, struct arena *arena,
                         struct account *ret)
{
    *ret = (struct account){
        .id = postgres_int64(found, row, 0),
        .email = postgres_text(found, row, 1, arena),
        .password_hash = postgres_text(found, row, 2, arena),
        .is_active = postgres_bool(found, row, 3),
        .is_staff = postgres_bool(found, row, 4),
        .is_superuser = postgres_bool(found, row, 5),
        .language = postgres_text(found, row, 6, arena),
        .last_login = postgres_is_null(found, row, 7) ? 0 : postgres_time(found, row, 7),
        .created_at = postgres_time(found, row, 8),
    };
}

static enum err find_by_id(struct user_store *self, const struct postgres_statement *statement,
                           struct ctx *ctx, int64_t id, struct account *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), statement, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    read_account(found, 0, ctx->arena, ret);
    return OK;
}

static enum err find_user(struct user_store *self, struct ctx *ctx, int64_t id, struct account *ret)
{
    return find_by_id(self, &find, ctx, id, ret);
}

static enum err lock_user(struct user_store *self, struct ctx *ctx, int64_t id, struct account *ret)
{
    return find_by_id(self, &lock, ctx, id, ret);
}

static enum err lock_users(struct user_store *self, struct ctx *ctx, const int64_t *ids,
                           size_t count, struct account *ret, size_t *ret_count)
{
    struct buffer array;
    buffer_init(&array, ctx->arena);
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&array, "%c%" PRId64, i == 0 ? '{' : ',', ids[i]);
    }
    buffer_append_text(&array, count == 0 ? "{}" : "}");
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, array.data);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &lock_all, &parameters, &found)));
    *ret_count = (size_t)postgres_row_count(found);
    for (size_t i = 0; i < *ret_count; i++) {
        read_account(found, (int)i, ctx->arena, &ret[i]);
    }
    return OK;
}

/* By another at this moment: passing trouble, as the next try finds it taken. */
static bool is_address_taken(const struct postgres *db)
{
    const char *constraint = postgres_violated_constraint(db);
    return constraint != NULL && strcmp(constraint, "users_email_key") == 0;
}

static enum err update_user(struct user_store *self, struct ctx *ctx, const struct account *account)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, account->id);
    postgres_add_text(&parameters, account->email);
    postgres_add_bool(&parameters, account->is_active);
    postgres_add_bool(&parameters, account->is_staff);
    postgres_add_bool(&parameters, account->is_superuser);
    const struct pg_result *updated;
    enum err err = postgres_execute(db_of(self), &update_statement, &parameters, &updated);
    if (err == ERR_INTERNAL && is_address_taken(db_of(self))) {
        err = ERR_UNAVAILABLE;
    }
    TRY(postgres_ctx_fail(ctx, err));
    if (postgres_affected(updated) == 0) {
        return ctx_fail(ctx, ERR_USER_ALREADY_EXISTS, "a user with this e-mail address exists");
    }
    return OK;
}

static enum err remove_user(struct user_store *self, struct ctx *ctx, int64_t id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    const struct pg_result *removed;
    TRY(postgres_ctx_fail(ctx,
                          postgres_execute(db_of(self), &remove_statement, &parameters, &removed)));
    if (postgres_affected(removed) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    return OK;
}

static enum err find_user_by_email(struct user_store *self, struct ctx *ctx, const char *email,
                                   struct account *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, email);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &find_by_email, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user with this e-mail address");
    }
    read_account(found, 0, ctx->arena, ret);
    return OK;
}

static enum err update(struct user_store *self, struct ctx *ctx,
                       const struct postgres_statement *statement, int64_t id, const char *text)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    postgres_add_text(&parameters, text);
    const struct pg_result *updated;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), statement, &parameters, &updated)));
    if (postgres_affected(updated) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    return OK;
}

static enum err set_user_last_login(struct user_store *self, struct ctx *ctx,
                                    const struct account *account)
{
    return update(self, ctx, &set_last_login, account->id, account->password_hash);
}

static enum err set_user_password(struct user_store *self, struct ctx *ctx, int64_t id,
                                  const char *password_hash)
{
    return update(self, ctx, &set_password, id, password_hash);
}

static enum err set_user_language(struct user_store *self, struct ctx *ctx, int64_t id,
                                  const char *language)
{
    return update(self, ctx, &set_language, id, language);
}

static enum err list_staff_ids(struct user_store *self, struct ctx *ctx, int64_t after_id,
                               int64_t *ret_ids, size_t capacity, size_t *ret_count)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, after_id);
    postgres_add_int64(&parameters, (int64_t)capacity);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &list_staff, &parameters, &found)));
    *ret_count = (size_t)postgres_row_count(found);
    for (size_t i = 0; i < *ret_count; i++) {
        ret_ids[i] = postgres_int64(found, (int)i, 0);
    }
    return OK;
}

static const struct user_store_ops ops = {
    .insert = insert_user,
    .find = find_user,
    .lock = lock_user,
    .lock_all = lock_users,
    .update = update_user,
    .remove = remove_user,
    .find_by_email = find_user_by_email,
    .set_last_login = set_user_last_login,
    .set_password = set_user_password,
    .set_language = set_user_language,
    .list_staff = list_staff_ids,
};

struct user_store *postgres_user_store_new(struct postgres *db)
{
    struct postgres_user_store *store = memory_new(1, sizeof(*store));
    store->base.ops = &ops;
    store->db = db;
    return &store->base;
}

void postgres_user_store_free(struct user_store *store)
{
    free(store);
}
