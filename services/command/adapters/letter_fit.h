/* Can the command of a dead letter be sent again as the letter has it? */
#pragma once

#include "contracts/models.h"
#include "ports/dead_letter_store.h"

/* `body` is JSON, as it was kept. LETTER_HAS_LEFT: it can; or what is in the way. `arena` for
 * passing needs. */
enum letter_obstacle letter_fit(const char *message, const char *body, struct arena *arena);
