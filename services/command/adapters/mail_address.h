/* Addresses of e-mail, as they stand in headers and on the wire (RFC 5321, 5322). */
#pragma once

#include <stdbool.h>

/* Is it a bare address, `name@domain`, of characters that need no quoting? Each that a contract
 * takes (common/json/format.h) is. */
bool mail_address_is_valid(const char *address);
