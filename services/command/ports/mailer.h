/*
 * E-mail out. Adapters: adapters/smtp_mailer.h (libcurl), adapters/file_mailer.h (one file a mail);
 * tests: tests/fakes/fake_mailer.h. Blocks for less than a heartbeat.
 */
#pragma once

#include "ctx.h"

struct mailer;

struct mail {
    const char *to; /* an address that passed the contract: ASCII, no white space */
    const char *subject;
    const char *text;     /* UTF-8, lines end with \n */
    const char *html;     /* the same as a page; or NULL */
    const char *language; /* of the texts, a tag such as "de"; or NULL */
};

struct mailer_ops {
    enum err (*send)(struct mailer *self, struct ctx *ctx, const struct mail *mail);
};

struct mailer { /* implementations embed this first */
    const struct mailer_ops *ops;
};

/*
 * Send a mail; its Message-ID is made from ctx->message_id, so that a repeat can be told.
 * ERR_UNAVAILABLE when the server cannot be reached or says "later" (4xx), ERR_INTERNAL when it
 * refuses for good.
 */
MUST_CHECK static inline enum err mailer_send(struct mailer *self, struct ctx *ctx,
                                              const struct mail *mail)
{
    return self->ops->send(self, ctx, mail);
}
