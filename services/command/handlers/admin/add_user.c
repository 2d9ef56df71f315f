/* admin.add_user: the staff adds a user, who can sign in from then on. */

#include "contracts/admin_add_user.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/audit.h"
#include "rules/managed_user.h"
#include "rules/new_password.h"

static enum err insert(struct ctx *ctx, const char *password, struct account *account)
{
    TRY(password_hasher_hash(ctx->ports->passwords, ctx, password, &account->password_hash));

    enum err err = user_store_insert(ctx->ports->users, ctx, account);
    if (err == ERR_USER_ALREADY_EXISTS) {
        return ctx_fail(ctx, err, "User with this Email already exists");
    }
    return err;
}

static enum err write_down(struct ctx *ctx, const struct account *account)
{
    struct audit audit = {0};
    audit_text(&audit, "email", NULL, account->email);
    audit_flag(&audit, "is_active", false, account->is_active);
    audit_flag(&audit, "is_staff", false, account->is_staff);
    audit_flag(&audit, "is_superuser", false, account->is_superuser);
    audit_secret(&audit, "password");
    return audit_write(ctx, &audit, CHANGED_OBJECT_USER, account->id, account->email);
}

enum err admin_add_user_handle(struct ctx *ctx, const struct admin_add_user_command *command,
                               struct admin_add_user_result *result)
{
    TRY(ctx_require_staff(ctx));
    TRY(new_password_check(ctx, "password1", command->password1, "password2", command->password2));

    struct account account = {
        .email = command->email,
        .is_active = true,
        .is_staff = command->is_staff,
        .is_superuser = command->is_superuser,
        .language = ctx->language,
    };
    TRY(managed_user_check(ctx, &(struct account){.id = NOBODY}, &account));
    TRY(insert(ctx, command->password1, &account));
    TRY(write_down(ctx, &account));

    result->user = managed_user_show(&account);
    return OK;
}
