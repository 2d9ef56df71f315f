/* A new password, from standard input or asked for at the terminal; never from the arguments, which
 * everybody can see. */
#pragma once

#include <stdbool.h>

#include "common/core/buffer.h"

/* All of standard input but one newline at its end. EXIT_DONE or EXIT_USAGE. */
int password_read_stdin(struct buffer *ret);

/* Ask twice at the terminal, without echo. EXIT_DONE, or EXIT_USAGE when there is no terminal or
 * the two differ. */
int password_ask(struct buffer *ret);
