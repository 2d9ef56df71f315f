/* Attempts, dead letters and notes of failures of the unit of work in memory. */

#include "tests/fakes/fake_unit_letter.h"

#include <string.h>

#include "tests/fakes/fake_text.h"
#include "tests/fakes/fake_unit_identity.h"

enum err fake_unit_count_attempt(struct unit *base, const char *message_id, int64_t *ret_attempts)
{
    struct fake_unit *unit = (struct fake_unit *)base;
    TRY(unit->fails_with);
    size_t i = 0;
    while (i < unit->attempt_count && strcmp(unit->attempts[i].message_id, message_id) != 0) {
        i++;
    }
    if (i == unit->attempt_count) {
        assert(unit->attempt_count < FAKE_IDENTITIES_MAX);
        fake_text_copy(unit->attempts[unit->attempt_count++].message_id, UUID_TEXT_SIZE,
                       message_id);
    }
    unit->attempts[i].count++;
    const struct fake_identity *identity = fake_unit_identity(unit, message_id);
    bool is_settled = identity != NULL && identity->is_final && identity->has_fingerprint;
    *ret_attempts = is_settled ? 0 : unit->attempts[i].count;
    return OK;
}

static bool is_same_letter(const struct dead_letter *one, const struct dead_letter *other)
{
    return one->message_id != NULL && other->message_id != NULL &&
           strcmp(one->message_id, other->message_id) == 0 && strcmp(one->code, other->code) == 0;
}

void fake_unit_clear_attempts(struct unit *base, const char *message_id)
{
    struct fake_unit *unit = (struct fake_unit *)base;
    for (size_t i = 0; i < unit->attempt_count; i++) {
        if (strcmp(unit->attempts[i].message_id, message_id) == 0) {
            unit->attempts[i].count = 0;
        }
    }
}

void fake_unit_uncount_attempt(struct unit *base, const char *message_id)
{
    struct fake_unit *unit = (struct fake_unit *)base;
    for (size_t i = 0; i < unit->attempt_count; i++) {
        if (strcmp(unit->attempts[i].message_id, message_id) == 0) {
            unit->attempts[i].count--;
        }
    }
}

enum err fake_unit_note_failure(struct unit *base, struct ctx *ctx, const struct envelope *envelope,
                                const unsigned char fingerprint[FINGERPRINT_SIZE],
                                const struct outcome *outcome)
{
    struct fake_unit *unit = (struct fake_unit *)base;
    struct fake_identity failed;
    unit_abort(base);
    TRY(unit->fails_with);
    TRY(unit->note_fails_with);
    if (fake_unit_identity(unit, envelope->message_id) != NULL) {
        return OK;
    }
    fake_unit_describe(unit, ctx, envelope, fingerprint, &failed);
    failed.user_id = ctx->user_id;
    failed.outcome = *outcome;
    fake_unit_keep(unit, &failed);
    return OK;
}

static void keep_state(struct fake_unit *unit, const struct ctx *ctx,
                       const struct envelope *envelope, const unsigned char *fingerprint,
                       const struct dead_letter *letter)
{
    struct fake_identity failed;
    fake_unit_describe(unit, ctx, envelope, fingerprint, &failed);
    fake_text_copy(failed.message_id, UUID_TEXT_SIZE, letter->message_id);
    failed.is_final = letter->is_final;
    failed.outcome = (struct outcome){
        .err = err_from_code(letter->code),
        .body = letter->problem,
        .body_size = strlen(letter->problem),
    };
    fake_unit_keep(unit, &failed);
}

enum err fake_unit_bury(struct unit *base, struct ctx *ctx, const struct envelope *envelope,
                        const unsigned char *fingerprint, const struct dead_letter *letter)
{
    struct fake_unit *unit = (struct fake_unit *)base;
    unit_abort(base);
    TRY(unit->fails_with);
    size_t i = 0;
    while (i < unit->letter_count && !is_same_letter(&unit->letters[i], letter)) {
        i++;
    }
    assert(i < FAKE_LETTERS_MAX);
    unit->letter_count = i == unit->letter_count ? i + 1 : unit->letter_count;
    unit->letters[i] = (struct dead_letter){
        .message_id = arena_strdup(unit->arena, letter->message_id),
        .message = arena_strdup(unit->arena, letter->message),
        .code = arena_strdup(unit->arena, letter->code),
        .detail = arena_strdup(unit->arena, letter->detail),
        .body = arena_strdup(unit->arena, letter->body),
        .headers = arena_strdup(unit->arena, letter->headers),
        .problem = arena_strdup(unit->arena, letter->problem),
        .is_final = letter->is_final,
    };
    struct fake_identity sender;
    fake_unit_describe(unit, ctx, envelope, NULL, &sender);
    unit->letter_user_ids[i] = envelope->has_user_id    ? envelope->user_id
                               : ctx->user_id != NOBODY ? ctx->user_id
                                                        : sender.user_id;
    if (letter->message_id != NULL && letter->problem != NULL) {
        keep_state(unit, ctx, envelope, fingerprint, letter);
    }
    return OK;
}
