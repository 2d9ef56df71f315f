/*
 * Name look-up that blocks nobody: an address is taken as it is, a name is looked up by a
 * short-lived thread of its own. The thread outlives a resolver that gives up on it and cleans up
 * after itself.
 */
#pragma once

#include <netdb.h>
#include <stdbool.h>

struct amqp_resolver;

/* Begin to look up; owned. */
struct amqp_resolver *amqp_resolver_new(const char *host, int port);
void amqp_resolver_free(struct amqp_resolver *resolver);

/* Readable when the look-up is done. */
int amqp_resolver_fd(const struct amqp_resolver *resolver);
bool amqp_resolver_is_done(const struct amqp_resolver *resolver);
/* When done: the addresses, valid as long as the resolver; NULL: none, `ret_error` says why
 * (static). */
const struct addrinfo *amqp_resolver_addresses(const struct amqp_resolver *resolver,
                                               const char **ret_error);
