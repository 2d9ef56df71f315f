/* admin.change_users: the staff activates or deactivates several users. */

#include "contracts/admin_change_users.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_user.h"

static enum err change(struct ctx *ctx, const struct account *before, enum user_action action,
                       bool *ret_is_changed)
{
    if (action == USER_ACTION_DEACTIVATE && before->id == ctx->user_id) {
        return ctx_invalid(ctx, "users", "You cannot deactivate yourself");
    }
    struct account after = *before;
    after.is_active = action == USER_ACTION_ACTIVATE;
    return managed_user_change(ctx, before, &after, ret_is_changed);
}

enum err admin_change_users_handle(struct ctx *ctx,
                                   const struct admin_change_users_command *command,
                                   struct admin_change_users_result *result)
{
    TRY(ctx_require_staff(ctx));
    struct accounts users;
    TRY(managed_users_lock(ctx, command->users, command->users_count, &users));

    for (size_t i = 0; i < users.count; i++) {
        bool is_changed;
        TRY(change(ctx, &users.accounts[i], command->action, &is_changed));
        result->changed += is_changed ? 1 : 0;
    }
    return OK;
}
