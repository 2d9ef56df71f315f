/* users.send_dead_letter_report: a member of the staff is told by e-mail of dead letters. */

#include "contracts/users_send_dead_letter_report.h" /* generated: command, result, prototype */

#include <inttypes.h>

#include "ctx.h"
#include "ports.h"
#include "rules/recipient.h"

enum err
users_send_dead_letter_report_handle(struct ctx *ctx,
                                     const struct users_send_dead_letter_report_command *command,
                                     UNUSED struct users_send_dead_letter_report_result *result)
{
    struct account account;
    TRY(recipient_find(ctx, command->user_id, &account));

    struct mail mail = {
        .to = account.email,
        .subject = "Dead letters",
        .text = arena_printf(ctx->arena,
                             "%" PRId64 " messages have failed for good within %" PRId64
                             " hours.\nLook at them with: postroom dead list\n",
                             command->letters, command->hours),
    };
    return mailer_send(ctx->ports->mailer, ctx, &mail);
}
