/* What `postroom send` and `postroom query` have in common: everything but the kind of message. */
#pragma once

#include "common/contract/contract.h"

/* Parse, send, print. `arguments[0]` is the verb. Returns the exit status. */
int request_run(enum message_kind kind, int count, char **arguments);
