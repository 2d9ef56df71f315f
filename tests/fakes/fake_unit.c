/* The unit of work in memory. */

#include "tests/fakes/fake_unit.h"

#include <stdlib.h>
#include <string.h>

#include "common/contract/contract.h"
#include "common/core/outgoing.h"
#include "tests/fakes/fake_text.h"
#include "tests/fakes/fake_unit_identity.h"
#include "tests/fakes/fake_unit_letter.h"

static struct fake_unit *unit_of(struct unit *base)
{
    return (struct fake_unit *)base;
}

static void take_snapshot(struct fake_unit *unit)
{
    unit->snapshot->users = *unit->users;
    unit->snapshot->sessions = *unit->sessions;
    if (unit->posts != NULL) {
        unit->snapshot->posts = *unit->posts;
    }
    if (unit->audit != NULL) {
        unit->snapshot->audit = *unit->audit;
    }
}

static void restore_snapshot(struct fake_unit *unit)
{
    *unit->users = unit->snapshot->users;
    *unit->sessions = unit->snapshot->sessions;
    if (unit->posts != NULL) {
        *unit->posts = unit->snapshot->posts;
    }
    if (unit->audit != NULL) {
        *unit->audit = unit->snapshot->audit;
    }
}

static enum err fake_begin(struct unit *base, struct ctx *ctx, const struct envelope *envelope,
                           const unsigned char fingerprint[FINGERPRINT_SIZE],
                           enum unit_state *ret_state, struct outcome *ret_stored)
{
    struct fake_unit *unit = unit_of(base);
    unit_abort(base);
    TRY(unit->fails_with);
    fake_unit_describe(unit, ctx, envelope, fingerprint, &unit->open);
    ctx->user_id = unit->open.user_id;
    const struct fake_user *caller = fake_user_store_get(unit->users, ctx->user_id);
    ctx->is_staff = caller != NULL && caller->is_staff;
    ctx->is_superuser = caller != NULL && caller->is_superuser;
    if (ctx->contract->session == SESSION_UNTOUCHED) {
        fake_text_copy(unit->open.idempotency_key, DIGEST_HEX_SIZE, envelope->idempotency_key);
    }
    const struct fake_identity *stored = fake_unit_find(unit);
    if (stored != NULL) {
        return fake_unit_replay(unit, ctx, envelope, stored, ret_state, ret_stored);
    }
    take_snapshot(unit);
    unit->is_open = true;
    *ret_state = UNIT_NEW;
    return OK;
}

static void keep_outcome(struct fake_unit *unit, const struct outcome *outcome)
{
    unit->open.outcome = *outcome;
    unit->open.is_final = true;
    fake_unit_keep(unit, &unit->open);
}

static void keep_outgoing(struct fake_unit *unit, const struct ctx *ctx)
{
    for (const struct outgoing *outgoing = ctx->outgoing; outgoing != NULL;
         outgoing = outgoing->next) {
        assert(unit->outbox_count < FAKE_OUTBOX_MAX);
        struct fake_outgoing *kept = &unit->outbox[unit->outbox_count++];
        *kept = (struct fake_outgoing){
            .body = arena_copy(unit->arena, outgoing->body.data, outgoing->body.size),
            .traceparent = arena_strdup(unit->arena, ctx->traceparent),
            .language = arena_strdup(unit->arena, ctx->language),
            .deadline_ms = outgoing->deadline_ms,
        };
        fake_text_copy(kept->message_id, UUID_TEXT_SIZE, outgoing->message_id);
        fake_text_copy(kept->name, FAKE_NAME_SIZE, outgoing->contract->name);
    }
}

/* Whether commit and fail do what they are for. */
static bool may_commit(struct fake_unit *unit)
{
    bool has_trouble = unit->fails_with != OK || unit->commit_fails_with != OK;
    return unit->is_open && (!has_trouble || unit->is_commit_carried_out);
}

static enum err end_commit(struct unit *base)
{
    struct fake_unit *unit = unit_of(base);
    bool was_open = unit->is_open;
    unit_abort(base);
    TRY(unit->fails_with);
    TRY(unit->commit_fails_with);
    return was_open ? OK : ERR_UNAVAILABLE;
}

static enum err fake_commit(struct unit *base, struct ctx *ctx, const struct outcome *outcome)
{
    struct fake_unit *unit = unit_of(base);
    if (!may_commit(unit)) {
        return end_commit(base);
    }
    unit->open.session_user_id = ctx->session_user_id;
    unit->open.session_started = unit->sessions->clock;
    keep_outcome(unit, outcome);
    keep_outgoing(unit, ctx);
    unit->is_open = false;
    TRY(unit->fails_with);
    return unit->commit_fails_with;
}

static enum err fake_fail(struct unit *base, struct ctx *ctx, const struct outcome *outcome)
{
    struct fake_unit *unit = unit_of(base);
    if (may_commit(unit)) {
        restore_snapshot(unit);
        TRY(ctx_write_aftermath(ctx));
        take_snapshot(unit);
        keep_outcome(unit, outcome);
    }
    return end_commit(base);
}

static void fake_abort(struct unit *base)
{
    struct fake_unit *unit = unit_of(base);
    if (unit->is_open) {
        restore_snapshot(unit);
        unit->is_open = false;
    }
}

static enum err fake_forget_outgoing(struct unit *base, const char *const *message_ids,
                                     size_t count)
{
    struct fake_unit *unit = unit_of(base);
    TRY(unit->fails_with);
    size_t kept = 0;
    for (size_t i = 0; i < unit->outbox_count; i++) {
        bool is_named = false;
        for (size_t j = 0; j < count; j++) {
            is_named = is_named || strcmp(unit->outbox[i].message_id, message_ids[j]) == 0;
        }
        if (!is_named) {
            unit->outbox[kept++] = unit->outbox[i];
        }
    }
    unit->outbox_count = kept;
    return OK;
}

static enum err fake_ready(struct unit *base)
{
    return unit_of(base)->fails_with;
}

static const char *fake_trouble(const struct unit *base)
{
    return ((const struct fake_unit *)base)->fails_with == OK ? "" : "told to fail";
}

static const struct unit_ops fake_ops = {
    .begin = fake_begin,
    .commit = fake_commit,
    .fail = fake_fail,
    .abort = fake_abort,
    .note_failure = fake_unit_note_failure,
    .count_attempt = fake_unit_count_attempt,
    .clear_attempts = fake_unit_clear_attempts,
    .uncount_attempt = fake_unit_uncount_attempt,
    .bury = fake_unit_bury,
    .forget_outgoing = fake_forget_outgoing,
    .ready = fake_ready,
    .trouble = fake_trouble,
};

void fake_unit_init(struct fake_unit *ret, struct fake_user_store *users,
                    struct fake_session_store *sessions, struct fake_post_store *posts)
{
    memset(ret, 0, sizeof(*ret));
    ret->base.ops = &fake_ops;
    ret->arena = arena_new();
    ret->users = users;
    ret->sessions = sessions;
    ret->posts = posts;
    ret->snapshot = calloc(1, sizeof(*ret->snapshot));
    assert(ret->snapshot != NULL);
}

void fake_unit_clear(struct fake_unit *unit)
{
    arena_free(unit->arena);
    free(unit->snapshot);
    unit->arena = NULL;
    unit->snapshot = NULL;
}
