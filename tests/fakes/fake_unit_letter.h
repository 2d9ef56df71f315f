/* The part of fake_unit.h that keeps attempts, dead letters and notes of failures. */
#pragma once

#include "tests/fakes/fake_unit.h"

MUST_CHECK enum err fake_unit_count_attempt(struct unit *base, const char *message_id,
                                            int64_t *ret_attempts);
void fake_unit_clear_attempts(struct unit *base, const char *message_id);
void fake_unit_uncount_attempt(struct unit *base, const char *message_id);
MUST_CHECK enum err fake_unit_note_failure(struct unit *base, struct ctx *ctx,
                                           const struct envelope *envelope,
                                           const unsigned char fingerprint[FINGERPRINT_SIZE],
                                           const struct outcome *outcome);
MUST_CHECK enum err fake_unit_bury(struct unit *base, struct ctx *ctx,
                                   const struct envelope *envelope,
                                   const unsigned char *fingerprint,
                                   const struct dead_letter *letter);
