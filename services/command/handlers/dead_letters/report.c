/* dead_letters.report: the staff learns that there are messages that failed for good. */

#include "contracts/dead_letters_report.h" /* generated: command, result, prototype */

#include "contracts/users_send_dead_letter_report.h"
#include "ctx.h"
#include "ports.h"

enum { BATCH_SIZE = 100 };

static const int64_t HOUR_US = INT64_C(3600) * 1000 * 1000;

/* Tell a batch of the staff; `result` counts. The last id of a full batch, or NOBODY: all know. */
static enum err tell_some(struct ctx *ctx, int64_t hours, int64_t after_id,
                          struct dead_letters_report_result *result, int64_t *ret_last_id)
{
    int64_t staff[BATCH_SIZE];
    size_t count;
    TRY(user_store_list_staff(ctx->ports->users, ctx, after_id, staff, BATCH_SIZE, &count));
    for (size_t i = 0; i < count; i++) {
        users_send_dead_letter_report_send(
            ctx, &(struct users_send_dead_letter_report_command){
                     .user_id = staff[i], .letters = result->letters, .hours = hours});
    }
    result->recipients += (int64_t)count;
    *ret_last_id = count == BATCH_SIZE ? staff[count - 1] : NOBODY;
    return OK;
}

enum err dead_letters_report_handle(struct ctx *ctx,
                                    const struct dead_letters_report_command *command,
                                    struct dead_letters_report_result *result)
{
    int64_t since_us = ctx->now_us - command->hours * HOUR_US;
    TRY(dead_letter_store_count(ctx->ports->dead_letters, ctx, since_us, &result->letters));
    if (result->letters == 0) {
        return OK;
    }

    int64_t last_id = NOBODY;
    do {
        TRY(tell_some(ctx, command->hours, last_id, result, &last_id));
    } while (last_id != NOBODY);
    return OK;
}
