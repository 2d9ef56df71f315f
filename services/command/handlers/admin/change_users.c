/* admin.change_users: the staff activates or deactivates several users. */

#include "contracts/admin_change_users.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/id_order.h"
#include "rules/managed_user.h"

enum err admin_change_users_handle(struct ctx *ctx,
                                   const struct admin_change_users_command *command,
                                   struct admin_change_users_result *result)
{
    TRY(ctx_require_staff(ctx));

    const struct reference *users = id_order(ctx, command->users, command->users_count);
    for (size_t i = 0; i < command->users_count; i++) {
        struct account before;
        TRY(managed_user_lock(ctx, users[i].id, &before));
        struct account after = before;
        after.is_active = command->action == USER_ACTION_ACTIVATE;
        bool is_changed;
        TRY(managed_user_change(ctx, &before, &after, &is_changed));
        result->changed += is_changed ? 1 : 0;
    }
    return OK;
}
