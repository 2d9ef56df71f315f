/* admin.change_users: the staff activates, deactivates or deletes several users. */

#include "contracts/admin_change_users.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_user.h"
#include "rules/removed_user.h"

static enum err set_active(struct ctx *ctx, const struct account *before, enum user_action action,
                           int64_t *changed)
{
    if (action == USER_ACTION_DEACTIVATE && before->id == ctx->user_id) {
        return ctx_invalid(ctx, "users", "You cannot deactivate yourself");
    }
    struct account after = *before;
    after.is_active = action == USER_ACTION_ACTIVATE;
    bool is_changed;
    TRY(managed_user_change(ctx, before, &after, &is_changed));
    *changed += is_changed ? 1 : 0;
    return OK;
}

static enum err delete_all(struct ctx *ctx, const struct accounts *users)
{
    int64_t posts = 0;
    for (size_t i = 0; i < users->count; i++) {
        TRY(removed_user_remove(ctx, &users->accounts[i], "users", &posts));
    }
    return OK;
}

enum err admin_change_users_handle(struct ctx *ctx,
                                   const struct admin_change_users_command *command,
                                   struct admin_change_users_result *result)
{
    TRY(ctx_require_staff(ctx));
    struct accounts users;
    TRY(managed_users_lock(ctx, command->users, command->users_count, &users));

    if (command->action == USER_ACTION_DELETE) {
        result->changed = (int64_t)users.count;
        return delete_all(ctx, &users);
    }
    for (size_t i = 0; i < users.count; i++) {
        TRY(set_active(ctx, &users.accounts[i], command->action, &result->changed));
    }
    return OK;
}
