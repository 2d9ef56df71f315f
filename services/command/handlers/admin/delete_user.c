/* admin.delete_user: the staff deletes a user, with all posts and sessions of theirs. */

#include "contracts/admin_delete_user.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_user.h"
#include "rules/removed_user.h"

enum err admin_delete_user_handle(struct ctx *ctx, const struct admin_delete_user_command *command,
                                  struct admin_delete_user_result *result)
{
    TRY(ctx_require_staff(ctx));
    struct account account;
    TRY(managed_user_lock(ctx, command->user_id, &account));

    return removed_user_remove(ctx, &account, "user_id", &result->posts);
}
