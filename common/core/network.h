/* Which network an address is in, as far as one customer of a provider has it: what attempts are
 * counted by. */
#pragma once

enum { NETWORK_SIZE = 64 + 1 };

/* The network of an address in text: an IPv6 address' first 64 bits ("2001:db8:0:1::/64"), an IPv4
 * address itself (IPv4-mapped, too), any other text as it is, cut to fit. NULL: "". */
void network_of(const char *address, char ret[NETWORK_SIZE]);
