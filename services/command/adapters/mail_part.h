/*
 * A text as a part of an e-mail (RFC 2045): its two headers, an empty line and the text in lines of
 * at most 78 characters that end with CRLF. Never has `=_` in it, so that what begins so may stand
 * between parts.
 */
#pragma once

#include "common/core/buffer.h"

/* Append `text` (UTF-8; \n, CRLF or nothing at its end) as a `type`, such as "text/plain". It
 * travels as it is when it can, else as quoted-printable or, with few letters of ASCII, as base64.
 */
void mail_part_write(const char *type, const char *text, struct buffer *ret);

/* Append bytes as base64, in one line without an end. */
void mail_part_append_base64(const char *data, size_t size, struct buffer *ret);
