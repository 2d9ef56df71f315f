/* The mailer that EMAIL_URL names: smtp[s]://[user:password@]host[:port] or file:///directory. */
#pragma once

#include "ports/mailer.h"

/* Is it a URL that mailer_open knows what to do with? For the check of settings; nothing is
 * connected to. */
bool email_url_is_valid(const char *email_url);

/*
 * The mailer for these settings; both are static. Connects to nothing yet. Any thread. Owned.
 * ERR_INVALID_INPUT when the URL or the sender's address is not valid.
 */
MUST_CHECK enum err mailer_open(const char *email_url, const char *email_from, struct mailer **ret);
void mailer_free(struct mailer *mailer);
