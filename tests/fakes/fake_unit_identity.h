/* The part of fake_unit.h that knows whose message it is, and repeats what is stored of it. */
#pragma once

#include "tests/fakes/fake_unit.h"

/* All that is known of a message, its sender included, but the outcome. `fingerprint` may be NULL.
 */
void fake_unit_describe(struct fake_unit *unit, const struct ctx *ctx,
                        const struct envelope *envelope, const unsigned char *fingerprint,
                        struct fake_identity *ret);
/* Store a row (the outcome's body is copied), unless a final one is there. */
void fake_unit_keep(struct fake_unit *unit, const struct fake_identity *identity);
/* The final row under unit->open's identity, its own first; NULL. */
const struct fake_identity *fake_unit_find(struct fake_unit *unit);
MUST_CHECK enum err fake_unit_replay(struct fake_unit *unit, struct ctx *ctx,
                                     const struct envelope *envelope,
                                     const struct fake_identity *stored, enum unit_state *ret_state,
                                     struct outcome *ret_stored);
