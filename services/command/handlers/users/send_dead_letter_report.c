/* users.send_dead_letter_report: a member of the staff is told by e-mail of dead letters. */

#include "contracts/users_send_dead_letter_report.h" /* generated: command, result, prototype */

#include <inttypes.h>

#include "ctx.h"
#include "ports.h"

enum err
users_send_dead_letter_report_handle(struct ctx *ctx,
                                     const struct users_send_dead_letter_report_command *command,
                                     UNUSED struct users_send_dead_letter_report_result *result)
{
    struct account account;
    enum err err = user_store_find(ctx->ports->users, ctx, command->user_id, &account);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such user");
    }
    TRY(err);

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
