/* Networks of addresses. */

#include "common/core/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { PREFIX_BYTES = 8 };

static void network_of_ipv6(const struct in6_addr *address, char ret[NETWORK_SIZE])
{
    struct in6_addr first = {0};
    char text[INET6_ADDRSTRLEN];
    if (IN6_IS_ADDR_V4MAPPED(address)) {
        (void)inet_ntop(AF_INET, &address->s6_addr[12], ret, NETWORK_SIZE);
        return;
    }
    memcpy(first.s6_addr, address->s6_addr, PREFIX_BYTES);
    (void)inet_ntop(AF_INET6, &first, text, sizeof(text));
    (void)snprintf(ret, NETWORK_SIZE, "%s/64", text);
}

void network_of(const char *address, char ret[NETWORK_SIZE])
{
    struct in6_addr ipv6;
    if (address != NULL && inet_pton(AF_INET6, address, &ipv6) == 1) {
        network_of_ipv6(&ipv6, ret);
        return;
    }
    (void)snprintf(ret, NETWORK_SIZE, "%s", address == NULL ? "" : address);
}
