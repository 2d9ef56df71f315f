/* From a message that the broker gave up to a dead letter that holds no secret. */
#pragma once

#include "common/bus/bus.h"
#include "common/core/arena.h"
#include "ports/dead_letters.h"

/*
 * Make the letter; texts are in `arena`. The message's name is the queue it died in
 * (x-first-death-queue), else its type. The body goes through json_redact by the contract of that
 * name; of the headers only those known to be harmless are kept: never `session` and `new_session`,
 * which are as good as a signature. The session is handed on beside the letter, to find its user.
 */
void letter_make(const struct bus_message *message, struct arena *arena, struct dead_letter *ret);
