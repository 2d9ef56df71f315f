/* What became of commands, from memory, for tests. */
#pragma once

#include "ports/command_states.h"

enum { FAKE_COMMANDS_MAX = 32, FAKE_COMMAND_ID_SIZE = 37, FAKE_COMMAND_BODY_SIZE = 256 };

/* A command with its outcome. */
struct fake_command {
    char message_id[FAKE_COMMAND_ID_SIZE];
    int64_t user_id;
    char session[DIGEST_HEX_SIZE]; /* "": none */
    int64_t session_user_id;
    bool has_session_effect;
    bool has_failed;
    char body[FAKE_COMMAND_BODY_SIZE];
};

struct fake_command_states {
    struct command_states base;
    struct fake_command commands[FAKE_COMMANDS_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_command_states_init(struct fake_command_states *ret);
/* A command of an anonymous sender without a session, done; valid as long as the states. */
struct fake_command *fake_command_states_add(struct fake_command_states *states,
                                             const char *message_id, const char *body);
