/* The unit of work on PostgreSQL: the table of its functions, and the short ones. */

#include "postgres_unit.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"
#include "common/postgres/migrations.h"
#include "postgres_unit_internal.h"

enum { FORGET_MAX = 64 };

static const struct postgres_statement forget = {
    "unit_forget", "DELETE FROM outbox WHERE message_id = ANY ($1::text::uuid[])"};

static void abort_unit(struct unit *self)
{
    postgres_rollback(postgres_unit_of(self)->db);
}

static enum err forget_some(struct postgres *db, const char *const *message_ids, size_t count)
{
    char array[FORGET_MAX * UUID_TEXT_SIZE + 2] = "{";
    size_t size = 1;
    for (size_t i = 0; i < count; i++) {
        memcpy(array + size, message_ids[i], UUID_LENGTH);
        size += UUID_LENGTH;
        array[size++] = ',';
    }
    array[size - 1] = '}';
    array[size] = '\0';
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, array);
    return postgres_execute(db, &forget, &parameters, NULL);
}

static enum err forget_outgoing(struct unit *self, const char *const *message_ids, size_t count)
{
    while (count > 0) {
        size_t some = count < FORGET_MAX ? count : FORGET_MAX;
        TRY(forget_some(postgres_unit_of(self)->db, message_ids, some));
        message_ids += some;
        count -= some;
    }
    return OK;
}

static enum err ready(struct unit *self)
{
    return migrations_are_current(postgres_unit_of(self)->db);
}

static const char *trouble(const struct unit *self)
{
    return postgres_trouble(((const struct postgres_unit *)self)->db);
}

static const struct unit_ops ops = {
    .begin = postgres_unit_begin,
    .commit = postgres_unit_commit,
    .fail = postgres_unit_fail,
    .abort = abort_unit,
    .note_failure = postgres_unit_note_failure,
    .count_attempt = postgres_unit_count_attempt,
    .clear_attempts = postgres_unit_clear_attempts,
    .uncount_attempt = postgres_unit_uncount_attempt,
    .bury = postgres_unit_bury,
    .forget_outgoing = forget_outgoing,
    .ready = ready,
    .trouble = trouble,
};

struct unit *postgres_unit_new(struct postgres *db, const struct session_lifetime *session_lifetime)
{
    struct postgres_unit *unit = memory_new(1, sizeof(*unit));
    unit->base.ops = &ops;
    unit->db = db;
    unit->session_lifetime = *session_lifetime;
    return &unit->base;
}

void postgres_unit_free(struct unit *unit)
{
    free(unit);
}
