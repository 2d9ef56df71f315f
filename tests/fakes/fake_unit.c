/* The unit of work in memory. */

#include "tests/fakes/fake_unit.h"

#include <stdlib.h>
#include <string.h>

#include "common/contract/contract.h"
#include "common/core/outgoing.h"
#include "tests/fakes/fake_text.h"
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
}

static void restore_snapshot(struct fake_unit *unit)
{
    *unit->users = unit->snapshot->users;
    *unit->sessions = unit->snapshot->sessions;
    if (unit->posts != NULL) {
        *unit->posts = unit->snapshot->posts;
    }
}

static int64_t active(struct fake_unit *unit, int64_t user_id)
{
    const struct fake_user *user = fake_user_store_get(unit->users, user_id);
    return user != NULL && user->is_active ? user_id : NOBODY;
}

static int64_t find_caller(struct fake_unit *unit, const struct envelope *envelope)
{
    if (envelope->session != NULL) {
        const struct fake_session *session =
            fake_session_store_get(unit->sessions, envelope->session);
        return session == NULL || session->is_expired ? NOBODY : active(unit, session->user_id);
    }
    return envelope->has_user_id ? active(unit, envelope->user_id) : NOBODY;
}

static bool is_same(const struct fake_identity *one, const struct fake_identity *other)
{
    bool is_same_user = one->user_id != NOBODY && one->user_id == other->user_id;
    bool is_same_session = one->session[0] != '\0' && strcmp(one->session, other->session) == 0;
    bool are_anonymous = one->user_id == NOBODY && other->user_id == NOBODY &&
                         one->session[0] == '\0' && other->session[0] == '\0';
    return (is_same_user || is_same_session || are_anonymous) &&
           strcmp(one->name, other->name) == 0 &&
           memcmp(one->fingerprint, other->fingerprint, FINGERPRINT_SIZE) == 0;
}

static enum err replay(struct fake_unit *unit, struct ctx *ctx, const struct envelope *envelope,
                       const struct fake_identity *stored, enum unit_state *ret_state,
                       struct outcome *ret_stored)
{
    if (!is_same(stored, &unit->open)) {
        *ret_state = UNIT_MISMATCH;
        return OK;
    }
    *ret_state = UNIT_REPLAY;
    *ret_stored = stored->outcome;
    ret_stored->body = arena_copy(ctx->arena, stored->outcome.body, stored->outcome.body_size);
    if (stored->outcome.err == OK && ctx->contract->session == SESSION_STARTS &&
        envelope->new_session != NULL && active(unit, stored->session_user_id) != NOBODY) {
        fake_session_store_add(unit->sessions, envelope->new_session, stored->session_user_id);
    }
    return OK;
}

static enum err fake_begin(struct unit *base, struct ctx *ctx, const struct envelope *envelope,
                           const unsigned char fingerprint[FINGERPRINT_SIZE],
                           enum unit_state *ret_state, struct outcome *ret_stored)
{
    struct fake_unit *unit = unit_of(base);
    unit_abort(base);
    TRY(unit->fails_with);
    ctx->user_id = find_caller(unit, envelope);
    unit->open = (struct fake_identity){.user_id = ctx->user_id};
    memcpy(unit->open.fingerprint, fingerprint, FINGERPRINT_SIZE);
    fake_text_copy(unit->open.message_id, UUID_TEXT_SIZE, envelope->message_id);
    fake_text_copy(unit->open.name, FAKE_NAME_SIZE, ctx->contract->name);
    fake_text_copy(unit->open.session, DIGEST_HEX_SIZE, envelope->session);
    const struct fake_identity *stored = fake_unit_identity(unit, envelope->message_id);
    if (stored != NULL) {
        return replay(unit, ctx, envelope, stored, ret_state, ret_stored);
    }
    take_snapshot(unit);
    unit->is_open = true;
    *ret_state = UNIT_NEW;
    return OK;
}

static void keep_outcome(struct fake_unit *unit, const struct outcome *outcome)
{
    assert(unit->identity_count < FAKE_IDENTITIES_MAX);
    struct fake_identity *identity = &unit->identities[unit->identity_count++];
    *identity = unit->open;
    identity->outcome = *outcome;
    identity->outcome.body = arena_copy(unit->arena, outcome->body, outcome->body_size);
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
    keep_outcome(unit, outcome);
    keep_outgoing(unit, ctx);
    unit->is_open = false;
    TRY(unit->fails_with);
    return unit->commit_fails_with;
}

static enum err fake_fail(struct unit *base, struct ctx *ctx, const struct outcome *outcome)
{
    (void)ctx;
    struct fake_unit *unit = unit_of(base);
    if (may_commit(unit)) {
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
    .count_attempt = fake_unit_count_attempt,
    .clear_attempts = fake_unit_clear_attempts,
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

struct fake_identity *fake_unit_identity(struct fake_unit *unit, const char *message_id)
{
    for (size_t i = 0; i < unit->identity_count; i++) {
        if (strcmp(unit->identities[i].message_id, message_id) == 0) {
            return &unit->identities[i];
        }
    }
    return NULL;
}
