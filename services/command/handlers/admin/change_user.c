/* admin.change_user: the staff changes a user's address and flags. */

#include "contracts/admin_change_user.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_user.h"

enum err admin_change_user_handle(struct ctx *ctx, const struct admin_change_user_command *command,
                                  struct admin_change_user_result *result)
{
    TRY(ctx_require_staff(ctx));
    struct account before;
    TRY(managed_user_lock(ctx, command->user_id, &before));

    struct account after = before;
    after.email = command->email == NULL ? before.email : command->email;
    after.is_active = command->has_is_active ? command->is_active : before.is_active;
    after.is_staff = command->has_is_staff ? command->is_staff : before.is_staff;
    after.is_superuser = command->has_is_superuser ? command->is_superuser : before.is_superuser;
    bool is_changed;
    TRY(managed_user_change(ctx, &before, &after, &is_changed));

    result->user = managed_user_show(&after);
    return OK;
}
