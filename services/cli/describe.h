/* What the contracts say, for people at a terminal: the lists and pages behind --help. */
#pragma once

#include <stdio.h>

#include "common/contract/contract.h"

/* Name and title of all messages of a kind, one line each. */
void describe_messages(FILE *stream, enum message_kind kind);

/* One message: its fields with types and limits, its result, what it may fail with. */
void describe_message(FILE *stream, const struct contract *contract);
