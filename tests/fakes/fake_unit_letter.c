/* Attempts and dead letters of the unit of work in memory. */

#include "tests/fakes/fake_unit_letter.h"

#include <string.h>

#include "tests/fakes/fake_text.h"

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
    *ret_attempts = ++unit->attempts[i].count;
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

enum err fake_unit_bury(struct unit *base, struct ctx *ctx, const struct dead_letter *letter)
{
    (void)ctx;
    struct fake_unit *unit = (struct fake_unit *)base;
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
    };
    return OK;
}
