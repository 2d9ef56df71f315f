/*
 * Who has sent a request that has come through proxies: what X-Forwarded-For says, believed as far
 * as those are trusted who have written it. Each proxy appends the address it was called from, so
 * the list is read from its end; the first address that is no trusted proxy's is the client's, and
 * what stands before it is the client's own claim.
 *
 * An address is 16 bytes, an IPv4 address IPv4-mapped (RFC 4291, section 2.5.5.2). Any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/core/attributes.h"
#include "common/http/message.h"

enum {
    PROXIES_MAX = 64,
    PROXIES_HOPS_MAX = 16,
    PROXIES_ADDRESS_SIZE = 46, /* INET6_ADDRSTRLEN */
};

struct in6_addr;

struct proxy_network {
    unsigned char first[16];
    unsigned prefix; /* bits of 128 */
    bool is_ipv4;
};

/* Addresses and networks that are trusted. */
struct proxies {
    struct proxy_network networks[PROXIES_MAX];
    size_t count;
};

/* Read addresses and networks (CIDR, IPv4 or IPv6), separated by commas; an empty text or NULL is
 * none. False: one of them is wrong (an address with bits behind its prefix and a prefix of 0,
 * which would trust everybody, are), or there are too many. */
MUST_CHECK bool proxies_parse(const char *text, struct proxies *ret);

bool proxies_have(const struct proxies *proxies, const struct in6_addr *address);

/* The client's address, of a request that came from `peer`. An element of X-Forwarded-For that is
 * no address (with a port or not) ends the search: the last one that was good it is. */
void proxies_find_client(const struct proxies *proxies, const struct in6_addr *peer,
                         const struct http_request *request, struct in6_addr *ret);

/* As people write it, an IPv4-mapped one as IPv4. */
void proxies_format(const struct in6_addr *address, char ret[PROXIES_ADDRESS_SIZE]);
