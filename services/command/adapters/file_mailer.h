/*
 * A mailer that writes each mail into a folder as `<message_id>.eml`: for development and tests.
 * The file appears whole, by rename, and is on the disk when send returns; sending the same message
 * again replaces it, so there is exactly one. Any thread.
 */
#pragma once

#include "ports/mailer.h"

/* `directory` is copied, and made when it is missing; `from` is a valid address, static. Owned:
 * mailer_free it. */
MUST_CHECK enum err file_mailer_open(const char *directory, const char *from, struct mailer **ret);
