/* What became of commands, from memory. */

#include "tests/fakes/fake_command_states.h"

#include <string.h>
#include <strings.h>

#include "tests/fakes/fake_text.h"

static void read_command(const struct fake_command *command, struct arena *arena,
                         struct command_record *ret)
{
    *ret = (struct command_record){
        .user_id = command->user_id,
        .session = command->session[0] == '\0' ? NULL : arena_strdup(arena, command->session),
        .session_user_id = command->session_user_id,
        .has_session_effect = command->has_session_effect,
        .has_failed = command->has_failed,
        .body = {.data = arena_strdup(arena, command->body), .size = strlen(command->body)},
    };
}

static enum err fake_find(struct command_states *base, struct ctx *ctx, const char *message_id,
                          struct command_record *ret)
{
    const struct fake_command_states *states = (const struct fake_command_states *)base;
    TRY(states->fails_with);
    for (size_t i = 0; i < states->count; i++) {
        if (strcasecmp(states->commands[i].message_id, message_id) == 0) {
            read_command(&states->commands[i], ctx->arena, ret);
            return OK;
        }
    }
    return ctx_fail(ctx, ERR_NOT_FOUND, "no outcome of %s", message_id);
}

static const struct command_states_ops fake_ops = {.find = fake_find};

void fake_command_states_init(struct fake_command_states *ret)
{
    *ret = (struct fake_command_states){.base.ops = &fake_ops};
}

struct fake_command *fake_command_states_add(struct fake_command_states *states,
                                             const char *message_id, const char *body)
{
    assert(states->count < FAKE_COMMANDS_MAX);
    struct fake_command *command = &states->commands[states->count++];
    *command = (struct fake_command){.user_id = NOBODY};
    fake_text_copy(command->message_id, sizeof(command->message_id), message_id);
    fake_text_copy(command->body, sizeof(command->body), body);
    return command;
}
