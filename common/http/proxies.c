/* Trusted proxies, and X-Forwarded-For. */

#include "common/http/proxies.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "common/http/characters.h"

enum {
    IPV4_OFFSET = 12,
    IPV4_BITS = 32,
    ALL_BITS = 128,
    PORT_DIGITS_MAX = 5,
    PREFIX_DIGITS_MAX = 3
};

/* A piece of a text. */
struct piece {
    const char *text;
    size_t size;
};

static struct piece trimmed(struct piece piece)
{
    while (piece.size > 0 && is_http_space(*piece.text)) {
        piece.text++;
        piece.size--;
    }
    while (piece.size > 0 && is_http_space(piece.text[piece.size - 1])) {
        piece.size--;
    }
    return piece;
}

static bool read_address(struct piece piece, struct in6_addr *ret)
{
    char text[INET6_ADDRSTRLEN];
    if (piece.size >= sizeof(text) || memchr(piece.text, '\0', piece.size) != NULL) {
        return false;
    }
    memcpy(text, piece.text, piece.size);
    text[piece.size] = '\0';
    struct in6_addr mapped = {.s6_addr = {[10] = 0xff, [11] = 0xff}};
    if (inet_pton(AF_INET, text, &mapped.s6_addr[IPV4_OFFSET]) == 1) {
        *ret = mapped;
        return true;
    }
    return inet_pton(AF_INET6, text, ret) == 1;
}

/* Up to so many digits and nothing else; -1: something else. */
static int read_number(struct piece piece, size_t digits_max)
{
    int number = 0;
    if (piece.size == 0 || piece.size > digits_max) {
        return -1;
    }
    for (size_t i = 0; i < piece.size; i++) {
        if (!is_http_digit(piece.text[i])) {
            return -1;
        }
        number = number * 10 + (piece.text[i] - '0');
    }
    return number;
}

/* What stands behind the first `offset` characters. */
static struct piece behind(struct piece piece, size_t offset)
{
    return (struct piece){.text = piece.text + offset, .size = piece.size - offset};
}

/* `[address]` or `[address]:port`; what is in the brackets is an IPv6 address. */
static bool split_brackets(struct piece element, struct piece *ret_address, struct piece *ret_port)
{
    const char *end = memchr(element.text, ']', element.size);
    if (end == NULL) {
        return false;
    }
    *ret_address =
        (struct piece){.text = element.text + 1, .size = (size_t)(end - element.text) - 1};
    *ret_port = behind(element, ret_address->size + 2);
    return memchr(ret_address->text, ':', ret_address->size) != NULL &&
           (ret_port->size == 0 || ret_port->text[0] == ':');
}

/* An address, an IPv4 address with a port, or an IPv6 address in brackets with a port or without.
 */
static bool read_element(struct piece element, struct in6_addr *ret)
{
    struct piece address = element;
    struct piece port = {.size = 0};
    const char *colon = memchr(element.text, ':', element.size);
    if (element.text[0] == '[') {
        if (!split_brackets(element, &address, &port)) {
            return false;
        }
    } else if (colon != NULL && memrchr(element.text, ':', element.size) == colon) {
        address.size = (size_t)(colon - element.text);
        port = behind(element, address.size);
    }
    return (port.size == 0 || read_number(behind(port, 1), PORT_DIGITS_MAX) >= 0) &&
           read_address(address, ret);
}

static bool is_bit_set(const unsigned char *bytes, unsigned bit)
{
    return (bytes[bit / 8] & (0x80U >> (bit % 8))) != 0;
}

static bool read_network(struct piece piece, struct proxy_network *ret)
{
    const char *slash = memchr(piece.text, '/', piece.size);
    struct piece address = piece;
    address.size = slash == NULL ? piece.size : (size_t)(slash - piece.text);
    struct in6_addr first;
    if (!read_address(address, &first)) {
        return false;
    }
    memcpy(ret->first, first.s6_addr, sizeof(ret->first));
    ret->is_ipv4 = IN6_IS_ADDR_V4MAPPED(&first);
    bool has_colon = memchr(address.text, ':', address.size) != NULL;
    int bits = has_colon ? ALL_BITS : IPV4_BITS;
    int prefix =
        slash == NULL ? bits : read_number(behind(piece, address.size + 1), PREFIX_DIGITS_MAX);
    if (prefix < 1 || prefix > bits) {
        return false;
    }
    ret->prefix = (unsigned)(ALL_BITS - bits + prefix);
    for (unsigned bit = ret->prefix; bit < ALL_BITS; bit++) {
        if (is_bit_set(ret->first, bit)) {
            return false;
        }
    }
    return true;
}

bool proxies_parse(const char *text, struct proxies *ret)
{
    ret->count = 0;
    if (text == NULL || *http_skip_spaces(text) == '\0') {
        return true;
    }
    while (text != NULL) {
        size_t size = strcspn(text, ",");
        struct piece piece = trimmed((struct piece){.text = text, .size = size});
        if (ret->count == PROXIES_MAX || !read_network(piece, &ret->networks[ret->count])) {
            return false;
        }
        ret->count++;
        text = text[size] == ',' ? text + size + 1 : NULL;
    }
    return true;
}

/* A network of IPv6 has no IPv4 addresses, also where their mapped form would lie in it. */
static bool network_has(const struct proxy_network *network, const struct in6_addr *address)
{
    if (IN6_IS_ADDR_V4MAPPED(address) != network->is_ipv4) {
        return false;
    }
    size_t bytes = network->prefix / 8;
    unsigned rest = network->prefix % 8;
    if (memcmp(network->first, address->s6_addr, bytes) != 0) {
        return false;
    }
    unsigned mask = 0xffU & ~(0xffU >> rest);
    return rest == 0 || ((network->first[bytes] ^ address->s6_addr[bytes]) & mask) == 0;
}

bool proxies_have(const struct proxies *proxies, const struct in6_addr *address)
{
    for (size_t i = 0; i < proxies->count; i++) {
        if (network_has(&proxies->networks[i], address)) {
            return true;
        }
    }
    return false;
}

/* Where the search is: in the headers of that name, from the last to the first, and in each from
 * its end to its beginning. */
struct walk {
    const struct http_request *request;
    size_t header; /* the number of the one in hand, and 1 */
    struct piece rest;
    bool has_rest;
};

static bool is_forwarded_for(const struct http_header *header)
{
    static const char name[] = "X-Forwarded-For";
    return header->name_size == sizeof(name) - 1 && strcasecmp(header->name, name) == 0;
}

/* The element before; false: there is none. */
static bool walk_back(struct walk *walk, struct piece *ret)
{
    while (!walk->has_rest && walk->header > 0) {
        const struct http_header *header = &walk->request->headers[--walk->header];
        if (is_forwarded_for(header)) {
            walk->rest = (struct piece){.text = header->value, .size = strlen(header->value)};
            walk->has_rest = true;
        }
    }
    if (!walk->has_rest) {
        return false;
    }
    const char *comma = memrchr(walk->rest.text, ',', walk->rest.size);
    size_t offset = comma == NULL ? 0 : (size_t)(comma - walk->rest.text) + 1;
    *ret = trimmed(behind(walk->rest, offset));
    walk->has_rest = comma != NULL;
    walk->rest.size = comma == NULL ? 0 : offset - 1;
    return true;
}

_Static_assert(PROXIES_ADDRESS_SIZE >= INET6_ADDRSTRLEN, "every address fits");

void proxies_find_client(const struct proxies *proxies, const struct in6_addr *peer,
                         const struct http_request *request, struct in6_addr *ret)
{
    struct walk walk = {.request = request, .header = request->header_count};
    struct piece element;
    *ret = *peer;
    for (unsigned hops = 0;
         hops < PROXIES_HOPS_MAX && proxies_have(proxies, ret) && walk_back(&walk, &element);
         hops++) {
        struct in6_addr before;
        if (element.size == 0) { /* an empty element of a list is none: RFC 9110, section 5.6.1 */
            continue;
        }
        if (!read_element(element, &before)) {
            break;
        }
        *ret = before;
    }
}

void proxies_format(const struct in6_addr *address, char ret[PROXIES_ADDRESS_SIZE])
{
    bool is_ipv4 = IN6_IS_ADDR_V4MAPPED(address);
    const void *bytes = is_ipv4 ? (const void *)&address->s6_addr[IPV4_OFFSET] : address;
    (void)inet_ntop(is_ipv4 ? AF_INET : AF_INET6, bytes, ret, PROXIES_ADDRESS_SIZE);
}
