/*
 * Ids of commands as they are shown over HTTP: `<message_id>.<mac>`, so that only those who were
 * told one can ask for it. The MAC is the HMAC-SHA256 of the message_id under SECRET_KEY, in
 * base64url without padding (RFC 4648, section 5).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/core/arena.h"
#include "common/core/attributes.h"
#include "common/core/uuid.h"

struct gateway;

enum { SIGNATURE_LENGTH = 43, SIGNED_ID_LENGTH = UUID_LENGTH + 1 + SIGNATURE_LENGTH };

/* The id with its MAC; ctx. */
const char *signature_add(const struct gateway *gateway, const char id[UUID_TEXT_SIZE],
                          struct arena *arena);

/* Is it an id with the right MAC? Its first UUID_LENGTH characters are the id. Takes the same time
 * for each wrong one. */
MUST_CHECK bool signature_is_right(const struct gateway *gateway, const char *text, size_t size);
