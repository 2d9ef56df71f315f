/*
 * A mailer that hands each mail to an SMTP server (RFC 5321; libcurl), over a connection of its
 * own. Five seconds to connect, ten in all. Uses TLS when the server offers STARTTLS, and always
 * with smtps://; then the certificate has to be right. Any thread.
 */
#pragma once

#include "ports/mailer.h"

/* `url` is smtp[s]://[user:password@]host[:port]; `from` is a valid address; both static. Owned:
 * mailer_free it. */
MUST_CHECK enum err smtp_mailer_open(const char *url, const char *from, struct mailer **ret);
