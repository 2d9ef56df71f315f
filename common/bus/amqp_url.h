/* The parts of an amqp:// URL. */
#pragma once

#include <stdbool.h>

struct amqp_url {
    char *storage; /* owned: what the other members point into */
    const char *user;
    const char *password;
    const char *host; /* a name or an address; IPv6 without brackets */
    const char *vhost;
    int port;
};

/* `amqp://[user[:password]@]host[:port][/vhost]`, percent-encoded; an empty or missing vhost is
 * "/". */
bool amqp_url_parse(const char *url, struct amqp_url *ret);
void amqp_url_free(struct amqp_url *url);
