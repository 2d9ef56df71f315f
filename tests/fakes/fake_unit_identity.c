/* Whose message it is, and what is stored of it in memory. */

#include "tests/fakes/fake_unit_identity.h"

#include <string.h>

#include "common/contract/contract.h"
#include "tests/fakes/fake_text.h"

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

static bool is_same_sender(const struct fake_identity *one, const struct fake_identity *other)
{
    bool is_same_user = one->user_id != NOBODY && one->user_id == other->user_id;
    bool is_same_session = one->session[0] != '\0' && strcmp(one->session, other->session) == 0;
    bool are_anonymous = one->user_id == NOBODY && other->user_id == NOBODY &&
                         one->session[0] == '\0' && other->session[0] == '\0';
    return is_same_user || is_same_session || are_anonymous;
}

static bool is_same(const struct fake_identity *stored, const struct fake_identity *other,
                    const struct ctx *ctx, const struct envelope *envelope)
{
    bool may_anybody = ctx->contract->session == SESSION_STARTS &&
                       ctx->contract->caller == CALLER_ANYBODY && envelope->idempotency_key != NULL;
    bool is_same_content = !stored->has_fingerprint ||
                           memcmp(stored->fingerprint, other->fingerprint, FINGERPRINT_SIZE) == 0;
    return is_same_content && strcmp(stored->name, other->name) == 0 &&
           (may_anybody || is_same_sender(stored, other));
}

const struct fake_identity *fake_unit_find(struct fake_unit *unit)
{
    const struct fake_identity *own = fake_unit_identity(unit, unit->open.message_id);
    if (own != NULL && own->is_final) {
        return own;
    }
    for (size_t i = 0; i < unit->identity_count; i++) {
        const struct fake_identity *other = &unit->identities[i];
        if (unit->open.idempotency_key[0] != '\0' && other->is_final &&
            unit->open.user_id != NOBODY && other->user_id == unit->open.user_id &&
            strcmp(other->idempotency_key, unit->open.idempotency_key) == 0) {
            return other;
        }
    }
    return NULL;
}

static void start_session_again(struct fake_unit *unit, const struct ctx *ctx,
                                const struct envelope *envelope, const struct fake_identity *stored)
{
    int64_t user_id = stored->session_user_id;
    if (ctx->contract->session != SESSION_STARTS || envelope->new_session == NULL ||
        user_id == NOBODY) {
        return;
    }
    fake_session_store_remove(unit->sessions, envelope->session);
    bool is_void = stored->session_started < fake_session_store_ended(unit->sessions, user_id);
    if (active(unit, user_id) != NOBODY && !is_void) {
        fake_session_store_add(unit->sessions, envelope->new_session, user_id);
    }
}

static void keep_alias(struct fake_unit *unit, const struct fake_identity *stored)
{
    struct fake_identity alias = *stored;
    memcpy(alias.message_id, unit->open.message_id, sizeof(alias.message_id));
    memcpy(alias.session, unit->open.session, sizeof(alias.session));
    alias.idempotency_key[0] = '\0';
    alias.session_user_id = NOBODY;
    fake_unit_keep(unit, &alias);
}

enum err fake_unit_replay(struct fake_unit *unit, struct ctx *ctx, const struct envelope *envelope,
                          const struct fake_identity *stored, enum unit_state *ret_state,
                          struct outcome *ret_stored)
{
    if (!is_same(stored, &unit->open, ctx, envelope)) {
        *ret_state = UNIT_MISMATCH;
        return OK;
    }
    *ret_state = UNIT_REPLAY;
    *ret_stored = stored->outcome;
    ret_stored->body = arena_copy(ctx->arena, stored->outcome.body, stored->outcome.body_size);
    if (strcmp(stored->message_id, unit->open.message_id) != 0) {
        keep_alias(unit, stored);
    } else if (stored->outcome.err == OK) {
        start_session_again(unit, ctx, envelope, stored);
    }
    return OK;
}

void fake_unit_describe(struct fake_unit *unit, const struct ctx *ctx,
                        const struct envelope *envelope, const unsigned char *fingerprint,
                        struct fake_identity *ret)
{
    *ret = (struct fake_identity){.user_id = find_caller(unit, envelope),
                                  .has_fingerprint = fingerprint != NULL};
    if (fingerprint != NULL) {
        memcpy(ret->fingerprint, fingerprint, FINGERPRINT_SIZE);
    }
    fake_text_copy(ret->message_id, UUID_TEXT_SIZE, envelope->message_id);
    fake_text_copy(ret->name, FAKE_NAME_SIZE, ctx->contract->name);
    fake_text_copy(ret->session, DIGEST_HEX_SIZE, envelope->session);
}

void fake_unit_keep(struct fake_unit *unit, const struct fake_identity *identity)
{
    struct fake_identity *place = fake_unit_identity(unit, identity->message_id);
    if (place != NULL && place->is_final) {
        return;
    }
    if (place == NULL) {
        assert(unit->identity_count < FAKE_IDENTITIES_MAX);
        place = &unit->identities[unit->identity_count++];
    }
    *place = *identity;
    place->outcome.body =
        arena_copy(unit->arena, identity->outcome.body, identity->outcome.body_size);
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
