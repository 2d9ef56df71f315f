/*
 * Rules for what the staff does to users: only a superuser grants or takes is_staff and
 * is_superuser, or changes a superuser; nobody takes their own flags away, so that nobody locks
 * everybody out; a superuser is a member of the staff; who is deactivated has no session any more.
 */
#pragma once

#include "ctx.h"
#include "ports.h"

/* Each once, in the order of their ids; ctx. */
struct accounts {
    struct account *accounts;
    size_t count;
};

/*
 * These users, locked until the transaction ends, with the caller, whose rights are those of now
 * from then on: of two superusers who abolish each other at the same moment one is too late.
 * ERR_NOT_FOUND when one is not there; ERR_ACCESS_DENIED when one is a superuser and the caller is
 * none, or when the caller is not of the staff any more.
 */
MUST_CHECK enum err managed_users_lock(struct ctx *ctx, const struct reference *users, size_t count,
                                       struct accounts *ret);
/* The same of one user. */
MUST_CHECK enum err managed_user_lock(struct ctx *ctx, int64_t user_id, struct account *ret);

/* May the caller give a user these rights? ERR_ACCESS_DENIED, or ERR_INVALID_INPUT when they do not
 * fit together. `before` is the account without them. */
MUST_CHECK enum err managed_user_check(struct ctx *ctx, const struct account *before,
                                       const struct account *after);

/* Make of the locked account `before` what `after` says, and write it to the audit log; nothing
 * when it is the same. ERR_ACCESS_DENIED, ERR_INVALID_INPUT or ERR_USER_ALREADY_EXISTS. */
MUST_CHECK enum err managed_user_change(struct ctx *ctx, const struct account *before,
                                        const struct account *after, bool *ret_is_changed);

/* The account as the staff sees it. */
struct managed_user managed_user_show(const struct account *account);
