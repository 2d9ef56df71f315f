/*
 * A mailer that hands each mail to an SMTP server (RFC 5321; libcurl), over a connection of its
 * own: three seconds to connect, seven in all. Where there is TLS (STARTTLS, RFC 3207, or smtps)
 * the server's certificate has to be right. Any thread.
 */
#pragma once

#include "ports/mailer.h"

enum smtp_tls {
    SMTP_TLS_OFFERED,  /* when the server offers STARTTLS */
    SMTP_TLS_REQUIRED, /* else no mail is sent */
    SMTP_TLS_NONE,     /* everything in plain text, passwords too */
};

struct smtp_options {
    const char *url; /* smtp[s]://[user:password@]host[:port]; copied */
    enum smtp_tls tls;
    const char *ca_file; /* PEM: who may sign the certificate; "": whom the system trusts; static */
    const char *from;    /* a valid address; static */
};

/* Owned: mailer_free it. */
struct mailer *smtp_mailer_new(const struct smtp_options *options);
