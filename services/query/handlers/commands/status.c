/* commands.status: what became of a command of the caller's. */

#include "contracts/commands_status.h" /* generated: query, result, prototype */

#include <string.h>

#include "ctx.h"
#include "ports.h"

static bool is_same_session(const struct ctx *ctx, const struct command_record *command)
{
    return command->session != NULL && ctx->session != NULL &&
           strcmp(command->session, ctx->session) == 0;
}

/* Of an anonymous sender it is known which session it came with, if any: that session may be a
 * user's by now. And who has logged out is nobody any more. */
static bool is_sender(const struct ctx *ctx, const struct command_record *command)
{
    if (command->has_session_effect && is_same_session(ctx, command)) {
        return true;
    }
    if (command->user_id != NOBODY) {
        return command->user_id == ctx->user_id;
    }
    if (command->session_user_id != NOBODY && command->session_user_id == ctx->user_id) {
        return true;
    }
    if (command->session == NULL || ctx->session == NULL) {
        return command->session == ctx->session && ctx->user_id == NOBODY;
    }
    return is_same_session(ctx, command);
}

enum err commands_status_handle(struct ctx *ctx, const struct commands_status_query *query,
                                struct commands_status_result *result)
{
    struct command_record command;
    enum err err = command_states_find(ctx->ports->commands, ctx, query->id, &command);
    if (err == ERR_NOT_FOUND) { /* under way, or still to come */
        *result = (struct commands_status_result){.id = query->id, .state = COMMAND_STATE_PENDING};
        return OK;
    }
    TRY(err);
    if (!is_sender(ctx, &command)) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such command");
    }

    result->id = query->id;
    if (command.has_failed) {
        result->state = COMMAND_STATE_FAILED;
        result->problem = command.body;
    } else {
        result->state = COMMAND_STATE_DONE;
        result->result = command.body;
    }
    return OK;
}
