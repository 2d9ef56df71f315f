/* Users in memory. */

#include "tests/fakes/fake_user_store.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "tests/fakes/fake_text.h"

static struct fake_user_store *store_of(struct user_store *base)
{
    return (struct fake_user_store *)base;
}

static struct fake_user *get_by_email(struct fake_user_store *store, const char *email)
{
    for (size_t i = 0; i < store->count; i++) {
        if (strcasecmp(store->users[i].email, email) == 0) {
            return &store->users[i];
        }
    }
    return NULL;
}

static enum err fake_insert(struct user_store *base, struct ctx *ctx, struct account *account)
{
    struct fake_user_store *store = store_of(base);
    TRY(store->fails_with);
    if (get_by_email(store, account->email) != NULL) {
        return ctx_fail(ctx, ERR_USER_ALREADY_EXISTS, "a user with this e-mail address exists");
    }
    struct fake_user *user = fake_user_store_add(store, account->email);
    fake_text_copy(user->password_hash, sizeof(user->password_hash), account->password_hash);
    user->is_active = account->is_active;
    user->is_staff = account->is_staff;
    user->is_superuser = account->is_superuser;
    fake_text_copy(user->language, sizeof(user->language), account->language);
    account->id = user->id;
    account->created_at = user->created_at;
    return OK;
}

static void read_account(const struct fake_user *user, struct arena *arena, struct account *ret)
{
    *ret = (struct account){
        .id = user->id,
        .email = arena_strdup(arena, user->email),
        .password_hash = arena_strdup(arena, user->password_hash),
        .is_active = user->is_active,
        .is_staff = user->is_staff,
        .is_superuser = user->is_superuser,
        .language = user->language[0] == '\0' ? NULL : arena_strdup(arena, user->language),
        .last_login = user->last_login,
        .created_at = user->created_at,
    };
}

static enum err fake_find(struct user_store *base, struct ctx *ctx, int64_t id, struct account *ret)
{
    TRY(store_of(base)->fails_with);
    const struct fake_user *user = fake_user_store_get(store_of(base), id);
    if (user == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    read_account(user, ctx->arena, ret);
    return OK;
}

static enum err fake_lock_all(struct user_store *base, struct ctx *ctx, const int64_t *ids,
                              size_t count, struct account *ret, size_t *ret_count)
{
    TRY(store_of(base)->fails_with);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        assert(i == 0 || ids[i - 1] < ids[i]);
        const struct fake_user *user = fake_user_store_get(store_of(base), ids[i]);
        if (user != NULL) {
            read_account(user, ctx->arena, &ret[(*ret_count)++]);
        }
    }
    return OK;
}

static enum err fake_update(struct user_store *base, struct ctx *ctx, const struct account *account)
{
    struct fake_user_store *store = store_of(base);
    TRY(store->fails_with);
    const struct fake_user *other = get_by_email(store, account->email);
    if (other != NULL && other->id != account->id) {
        return ctx_fail(ctx, ERR_USER_ALREADY_EXISTS, "a user with this e-mail address exists");
    }
    struct fake_user *user = fake_user_store_get(store, account->id);
    assert(user != NULL); /* it has been locked */
    fake_text_copy(user->email, sizeof(user->email), account->email);
    user->is_active = account->is_active;
    user->is_staff = account->is_staff;
    user->is_superuser = account->is_superuser;
    return OK;
}

static enum err fake_remove(struct user_store *base, struct ctx *ctx, int64_t id)
{
    struct fake_user_store *store = store_of(base);
    TRY(store->fails_with);
    struct fake_user *user = fake_user_store_get(store, id);
    if (user == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    *user = store->users[--store->count];
    return OK;
}

static enum err fake_find_by_email(struct user_store *base, struct ctx *ctx, const char *email,
                                   struct account *ret)
{
    TRY(store_of(base)->fails_with);
    const struct fake_user *user = get_by_email(store_of(base), email);
    if (user == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user with this e-mail address");
    }
    read_account(user, ctx->arena, ret);
    return OK;
}

static enum err fake_set_last_login(struct user_store *base, struct ctx *ctx,
                                    const struct account *account)
{
    TRY(store_of(base)->fails_with);
    struct fake_user *user = fake_user_store_get(store_of(base), account->id);
    if (user == NULL || !user->is_active ||
        strcmp(user->password_hash, account->password_hash) != 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, account->id);
    }
    user->last_login = ctx->now_us;
    return OK;
}

static enum err fake_set_password(struct user_store *base, struct ctx *ctx, int64_t id,
                                  const char *password_hash)
{
    TRY(store_of(base)->fails_with);
    struct fake_user *user = fake_user_store_get(store_of(base), id);
    if (user == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    fake_text_copy(user->password_hash, sizeof(user->password_hash), password_hash);
    return OK;
}

static enum err fake_set_language(struct user_store *base, struct ctx *ctx, int64_t id,
                                  const char *language)
{
    TRY(store_of(base)->fails_with);
    struct fake_user *user = fake_user_store_get(store_of(base), id);
    if (user == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    fake_text_copy(user->language, sizeof(user->language), language);
    return OK;
}

static enum err fake_list_staff(struct user_store *base, struct ctx *ctx, int64_t after_id,
                                int64_t *ret_ids, size_t capacity, size_t *ret_count)
{
    (void)ctx;
    const struct fake_user_store *store = store_of(base);
    TRY(store->fails_with);
    *ret_count = 0;
    for (size_t i = 0; i < store->count && *ret_count < capacity; i++) {
        const struct fake_user *user = &store->users[i];
        if (user->is_active && user->is_staff && user->id > after_id) {
            ret_ids[(*ret_count)++] = user->id;
        }
    }
    return OK;
}

static const struct user_store_ops fake_ops = {
    .insert = fake_insert,
    .find = fake_find,
    .lock = fake_find,
    .lock_all = fake_lock_all,
    .update = fake_update,
    .remove = fake_remove,
    .find_by_email = fake_find_by_email,
    .set_last_login = fake_set_last_login,
    .set_password = fake_set_password,
    .set_language = fake_set_language,
    .list_staff = fake_list_staff,
};

void fake_user_store_init(struct fake_user_store *ret)
{
    *ret = (struct fake_user_store){.base.ops = &fake_ops};
}

struct fake_user *fake_user_store_add(struct fake_user_store *store, const char *email)
{
    assert(store->count < FAKE_USERS_MAX);
    struct fake_user *user = &store->users[store->count++];
    *user = (struct fake_user){
        .id = ++store->last_id,
        .is_active = true,
        .created_at = INT64_C(1704067200000000) + store->last_id, /* 2024-01-01 */
    };
    fake_text_copy(user->email, sizeof(user->email), email);
    return user;
}

struct fake_user *fake_user_store_get(struct fake_user_store *store, int64_t id)
{
    for (size_t i = 0; i < store->count; i++) {
        if (store->users[i].id == id) {
            return &store->users[i];
        }
    }
    return NULL;
}
