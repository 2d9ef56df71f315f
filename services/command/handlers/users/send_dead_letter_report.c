/* users.send_dead_letter_report: a member of the staff is told by e-mail of dead letters. */

#include "contracts/users_send_dead_letter_report.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "mails.h" /* generated: what the mail says */
#include "ports.h"
#include "rules/recipient.h"

enum err
users_send_dead_letter_report_handle(struct ctx *ctx,
                                     const struct users_send_dead_letter_report_command *command,
                                     UNUSED struct users_send_dead_letter_report_result *result)
{
    struct account to;
    TRY(recipient_find(ctx, command->user_id, &to));

    struct mail mail;
    users_send_dead_letter_report_mail(ctx, &to, command, &mail);
    return mailer_send(ctx->ports->mailer, ctx, &mail);
}
