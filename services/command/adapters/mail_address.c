/* Addresses of e-mail. */

#include "services/command/adapters/mail_address.h"

#include <string.h>

enum { ADDRESS_LENGTH_MAX = 254 };

#define ALPHANUMERIC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

bool mail_address_is_valid(const char *address)
{
    size_t name = strspn(address, ALPHANUMERIC ".!#$%&'*+-/=?^_`{|}~");
    if (name == 0 || address[name] != '@' || strlen(address) > ADDRESS_LENGTH_MAX) {
        return false;
    }
    const char *domain = address + name + 1;
    size_t size = strspn(domain, ALPHANUMERIC ".-");
    return size > 0 && domain[size] == '\0';
}
