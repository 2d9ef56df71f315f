/* Rules for what the staff does to users. */

#include "rules/managed_user.h"

#include <string.h>

#include "rules/audit.h"
#include "rules/references.h"

static const struct account *find(const struct accounts *accounts, int64_t id)
{
    for (size_t i = 0; i < accounts->count; i++) {
        if (accounts->accounts[i].id == id) {
            return &accounts->accounts[i];
        }
    }
    return NULL;
}

/* What the caller may now: another may have changed that since the message was begun. */
static enum err check_caller(struct ctx *ctx, const struct account *caller)
{
    if (caller == NULL || !caller->is_active) {
        ctx->user_id = NOBODY;
        return ctx_require_staff(ctx);
    }
    ctx->is_staff = caller->is_staff;
    ctx->is_superuser = caller->is_superuser;
    return ctx_require_staff(ctx);
}

static enum err check_account(struct ctx *ctx, const struct account *account)
{
    if (account == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such user");
    }
    if (account->is_superuser && !ctx->is_superuser) {
        return ctx_fail(ctx, ERR_ACCESS_DENIED, "Only a superuser may change a superuser");
    }
    return OK;
}

/* Lock these users and the caller. */
static enum err lock(struct ctx *ctx, const struct reference *users, size_t count,
                     struct accounts *ret)
{
    struct reference *all = arena_alloc(ctx->arena, (count + 1) * sizeof(*all));
    memcpy(all, users, count * sizeof(*all));
    all[count].id = ctx->user_id;
    int64_t *ids;
    size_t id_count = references_distinct(ctx, all, count + 1, &ids);
    ret->accounts = arena_alloc(ctx->arena, id_count * sizeof(*ret->accounts));
    return user_store_lock_all(ctx->ports->users, ctx, ids, id_count, ret->accounts, &ret->count);
}

enum err managed_users_lock(struct ctx *ctx, const struct reference *users, size_t count,
                            struct accounts *ret)
{
    struct accounts locked;
    TRY(lock(ctx, users, count, &locked));
    TRY(check_caller(ctx, find(&locked, ctx->user_id)));

    int64_t *ids;
    ret->count = references_distinct(ctx, users, count, &ids);
    ret->accounts = arena_alloc(ctx->arena, ret->count * sizeof(*ret->accounts));
    for (size_t i = 0; i < ret->count; i++) {
        const struct account *account = find(&locked, ids[i]);
        TRY(check_account(ctx, account));
        ret->accounts[i] = *account;
    }
    return OK;
}

enum err managed_user_lock(struct ctx *ctx, int64_t user_id, struct account *ret)
{
    struct accounts accounts;
    TRY(managed_users_lock(ctx, &(struct reference){user_id}, 1, &accounts));
    *ret = accounts.accounts[0];
    return OK;
}

/* Each of the caller's own flags that would go. */
static enum err check_own_flags(struct ctx *ctx, const struct account *before,
                                const struct account *after)
{
    if (before->id != ctx->user_id) {
        return OK;
    }

    enum err err = OK;
    if (before->is_active && !after->is_active) {
        err = ctx_invalid(ctx, "is_active", "You cannot deactivate yourself");
    }
    if (before->is_staff && !after->is_staff) {
        err = ctx_invalid(ctx, "is_staff", "You cannot take this right away from yourself");
    }
    if (before->is_superuser && !after->is_superuser) {
        err = ctx_invalid(ctx, "is_superuser", "You cannot take this right away from yourself");
    }
    return err;
}

enum err managed_user_check(struct ctx *ctx, const struct account *before,
                            const struct account *after)
{
    bool are_rights_changed =
        before->is_staff != after->is_staff || before->is_superuser != after->is_superuser;
    if (are_rights_changed && !ctx->is_superuser) {
        return ctx_fail(ctx, ERR_ACCESS_DENIED, "Only a superuser may grant or take these rights");
    }
    TRY(check_own_flags(ctx, before, after));

    if (after->is_superuser && !after->is_staff) {
        return ctx_invalid(ctx, "is_staff", "A superuser is a member of the staff");
    }
    return OK;
}

static enum err store(struct ctx *ctx, const struct account *before, const struct account *after)
{
    enum err err = user_store_update(ctx->ports->users, ctx, after);
    if (err == ERR_USER_ALREADY_EXISTS) {
        return ctx_fail(ctx, err, "User with this Email already exists");
    }
    TRY(err);

    if (before->is_active && !after->is_active) {
        return session_store_end_all(ctx->ports->sessions, ctx, after->id);
    }
    return OK;
}

enum err managed_user_change(struct ctx *ctx, const struct account *before,
                             const struct account *after, bool *ret_is_changed)
{
    struct audit audit = {0};
    audit_text(&audit, "email", before->email, after->email);
    audit_flag(&audit, "is_active", before->is_active, after->is_active);
    audit_flag(&audit, "is_staff", before->is_staff, after->is_staff);
    audit_flag(&audit, "is_superuser", before->is_superuser, after->is_superuser);
    *ret_is_changed = audit.count > 0;
    if (!*ret_is_changed) {
        return OK;
    }

    TRY(managed_user_check(ctx, before, after));
    TRY(store(ctx, before, after));
    return audit_write(ctx, &audit, CHANGED_OBJECT_USER, after->id, after->email);
}

struct managed_user managed_user_show(const struct account *account)
{
    return (struct managed_user){
        .id = account->id,
        .email = account->email,
        .is_active = account->is_active,
        .is_staff = account->is_staff,
        .is_superuser = account->is_superuser,
        .has_last_login = account->last_login != 0,
        .last_login = account->last_login,
        .created_at = account->created_at,
    };
}
