/* users.send_registration_notification: a new user is told by e-mail. */

#include "contracts/users_send_registration_notification.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "mails.h" /* generated: what the mail says */
#include "ports.h"
#include "rules/recipient.h"

enum err users_send_registration_notification_handle(
    struct ctx *ctx, const struct users_send_registration_notification_command *command,
    UNUSED struct users_send_registration_notification_result *result)
{
    struct account to;
    TRY(recipient_find(ctx, command->user_id, &to));

    struct mail mail;
    users_send_registration_notification_mail(ctx, &to, command, &mail);
    return mailer_send(ctx->ports->mailer, ctx, &mail);
}
