/* admin.set_password: the staff gives a user a new password; whoever is signed in with the old one
 * is no longer. */

#include "contracts/admin_set_password.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/audit.h"
#include "rules/managed_user.h"
#include "rules/new_password.h"

enum err admin_set_password_handle(struct ctx *ctx,
                                   const struct admin_set_password_command *command,
                                   struct admin_set_password_result *result)
{
    TRY(ctx_require_staff(ctx));
    TRY(new_password_check(ctx, "password1", command->password1, "password2", command->password2));
    struct account account;
    TRY(managed_user_lock(ctx, command->user_id, &account));

    TRY(new_password_set(ctx, account.id, command->password1));
    struct audit audit = {0};
    audit_secret(&audit, "password");
    TRY(audit_write(ctx, &audit, CHANGED_OBJECT_USER, account.id, account.email));

    result->user = managed_user_show(&account);
    return OK;
}
