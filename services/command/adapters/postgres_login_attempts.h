/* Failed logins in PostgreSQL: table login_attempts (migrations/0008). What was typed is known
 * there by keyed digests only: it may have been a password. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/login_attempts.h"

/* On the worker's connection; both are borrowed. Owned. */
struct login_attempts *postgres_login_attempts_new(struct postgres *db, const char *secret_key);
void postgres_login_attempts_free(struct login_attempts *attempts);
