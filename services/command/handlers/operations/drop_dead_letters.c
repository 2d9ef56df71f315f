/* operations.drop_dead_letters: the staff has us forget what failed for good. */

#include "contracts/operations_drop_dead_letters.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/letter_list.h"

enum err
operations_drop_dead_letters_handle(struct ctx *ctx,
                                    const struct operations_drop_dead_letters_command *command,
                                    struct operations_drop_dead_letters_result *result)
{
    TRY(ctx_require_staff(ctx));

    struct letter_outcome outcome;
    TRY(letter_list_act(ctx, command->letters, command->letters_count, dead_letter_store_drop,
                        &outcome));

    result->dropped = outcome.done;
    result->left = outcome.left;
    result->left_count = outcome.left_count;
    return OK;
}
