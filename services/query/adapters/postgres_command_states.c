/* What became of commands, in PostgreSQL. */

#include "postgres_command_states.h"

#include <stdlib.h>
#include <string.h>

#include "common/contract/contract.h"
#include "common/core/memory.h"

/* A row that others can see has its outcome. */
static const struct postgres_statement find = {
    "command_states_find", "SELECT user_id, encode(session, 'hex'), session_user_id,"
                           " error IS NOT NULL, body, name FROM inbox WHERE message_id = $1"};

struct postgres_command_states {
    struct command_states base;
    struct postgres *db;
};

static bool has_session_effect(const char *name)
{
    const struct contract *contract = contract_find(name, strlen(name));
    return contract != NULL && contract->session != SESSION_UNTOUCHED;
}

static enum err find_state(struct command_states *self, struct ctx *ctx, const char *message_id,
                           struct command_record *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, message_id);
    struct postgres *db = ((struct postgres_command_states *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &find, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no outcome of %s", message_id);
    }
    const char *body = postgres_text(found, 0, 4, ctx->arena);
    *ret = (struct command_record){
        .user_id = postgres_int64(found, 0, 0),
        .session = postgres_text(found, 0, 1, ctx->arena),
        .session_user_id = postgres_int64(found, 0, 2),
        .has_session_effect = has_session_effect(postgres_text(found, 0, 5, ctx->arena)),
        .has_failed = postgres_bool(found, 0, 3),
        .body = {.data = body, .size = body == NULL ? 0 : strlen(body)},
    };
    return OK;
}

static const struct command_states_ops ops = {.find = find_state};

struct command_states *postgres_command_states_new(struct postgres *db)
{
    struct postgres_command_states *states = memory_new(1, sizeof(*states));
    states->base.ops = &ops;
    states->db = db;
    return &states->base;
}

void postgres_command_states_free(struct command_states *states)
{
    free(states);
}
