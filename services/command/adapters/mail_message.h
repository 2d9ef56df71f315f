/*
 * An e-mail as the network has it: RFC 5322 with MIME (RFC 2045–2047), in lines that end with
 * CRLF, headers first. Both mailers write it. No text that goes in can add a header: addresses are
 * checked, subjects and texts encoded. It says that a machine wrote it (RFC 3834): no machine
 * should answer.
 */
#pragma once

#include "common/core/buffer.h"
#include "ports/mailer.h"

/*
 * Append the message. Date is ctx->now_us, Message-ID <ctx->message_id@domain of `from`>.
 * ERR_INTERNAL when an address or the message_id cannot stand in a header; `from` has been checked.
 */
MUST_CHECK enum err mail_message_write(struct ctx *ctx, const struct mail *mail, const char *from,
                                       struct buffer *ret);
