/* users.register: somebody becomes a user and is signed in. */

#include "contracts/users_register.h" /* generated: command, result, prototype */

#include "contracts/users_registered.h"
#include "contracts/users_send_registration_notification.h"
#include "ctx.h"
#include "ports.h"
#include "rules/new_password.h"
#include "rules/new_session.h"

static enum err add_user(struct ctx *ctx, const struct users_register_command *command,
                         struct user *ret)
{
    struct account account = {
        .email = command->email, .is_active = true, .language = ctx->language};
    TRY(password_hasher_hash(ctx->ports->passwords, ctx, command->password1,
                             &account.password_hash));

    enum err err = user_store_insert(ctx->ports->users, ctx, &account);
    if (err == ERR_USER_ALREADY_EXISTS) {
        return ctx_fail(ctx, err, "User with this Email already exists");
    }
    TRY(err);

    *ret = (struct user){account.id, account.email, account.is_staff};
    return OK;
}

enum err users_register_handle(struct ctx *ctx, const struct users_register_command *command,
                               struct users_register_result *result)
{
    TRY(new_password_check(ctx, "password1", command->password1, "password2", command->password2));

    TRY(add_user(ctx, command, &result->user));
    TRY(new_session_start(ctx, result->user.id));

    users_registered_publish(ctx, &(struct users_registered_event){.user = result->user});
    users_send_registration_notification_send(
        ctx, &(struct users_send_registration_notification_command){.user_id = result->user.id});
    return OK;
}
