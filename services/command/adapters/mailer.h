/*
 * The mailer that EMAIL_URL names: `smtp://[user:password@]host[:port]`, `smtps://…` or
 * `file:///directory`. smtp takes `?tls=required`, `offered` or `none`: without it TLS is required
 * when there is a password to keep, else used when it is offered; with a password it is never
 * merely offered.
 */
#pragma once

#include "ports/mailer.h"

struct mailer_options { /* all static */
    const char *url;
    const char *from;    /* the sender's address */
    const char *ca_file; /* as in smtp_mailer.h */
};

/* What is wrong with the options, as a sentence that names the setting; NULL: nothing. Nothing is
 * connected to. static */
const char *mailer_complaint(const struct mailer_options *options);

/*
 * The mailer for these options. Connects to nothing yet. Any thread. Owned. ERR_INVALID_INPUT when
 * there is something to complain about.
 */
MUST_CHECK enum err mailer_open(const struct mailer_options *options, struct mailer **ret);
void mailer_free(struct mailer *mailer);
