/*
 * Password hashing by Argon2id (RFC 9106; libsodium): 19 MiB of memory, two passes, one lane, as
 * OWASP's password storage cheat sheet has it. The memory is given back after each password. The
 * hash is a PHC string that names its parameters, so that they may grow later. Any thread.
 */
#pragma once

#include "ports/password_hasher.h"

/* Owned. ERR_INTERNAL when the machine has no random numbers. */
MUST_CHECK enum err argon2_password_hasher_open(struct password_hasher **ret);
void argon2_password_hasher_free(struct password_hasher *hasher);
