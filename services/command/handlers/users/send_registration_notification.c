/* users.send_registration_notification: a new user is told by e-mail. */

#include "contracts/users_send_registration_notification.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err users_send_registration_notification_handle(
    struct ctx *ctx, const struct users_send_registration_notification_command *command,
    UNUSED struct users_send_registration_notification_result *result)
{
    struct account account;
    enum err err = user_store_find(ctx->ports->users, ctx, command->user_id, &account);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such user");
    }
    TRY(err);

    struct mail mail = {
        .to = account.email,
        .subject = "Successful registration",
        .text = "You have successfully registered\n",
    };
    return mailer_send(ctx->ports->mailer, ctx, &mail);
}
