/* dead_letters.report: the staff learns that there are messages that failed for good. */

#include "contracts/dead_letters_report.h" /* generated: command, result, prototype */

#include "contracts/users_send_dead_letter_report.h"
#include "ctx.h"
#include "ports.h"

enum { RECIPIENTS_MAX = 100 };

static const int64_t HOUR_US = INT64_C(3600) * 1000 * 1000;

enum err dead_letters_report_handle(struct ctx *ctx,
                                    const struct dead_letters_report_command *command,
                                    struct dead_letters_report_result *result)
{
    int64_t since_us = ctx->now_us - command->hours * HOUR_US;
    TRY(dead_letter_store_count(ctx->ports->dead_letters, ctx, since_us, &result->letters));
    if (result->letters == 0) {
        return OK;
    }

    int64_t staff[RECIPIENTS_MAX];
    size_t count;
    TRY(user_store_list_staff(ctx->ports->users, ctx, staff, RECIPIENTS_MAX, &count));
    for (size_t i = 0; i < count; i++) {
        users_send_dead_letter_report_send(
            ctx, &(struct users_send_dead_letter_report_command){
                     .user_id = staff[i], .letters = result->letters, .hours = command->hours});
    }
    result->recipients = (int64_t)count;
    return OK;
}
