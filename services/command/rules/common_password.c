/* Rule: passwords that are tried first protect nobody. What is compiled in are digests, sorted:
 * common_passwords.py makes them. */

#include "rules/common_password.h"

#include <stddef.h>
#include <stdint.h>

#include "rules/common_passwords.h"

/* FNV-1a of the password in lower case. */
static uint64_t digest_of(const char *password)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (; *password != '\0'; password++) {
        bool is_upper = *password >= 'A' && *password <= 'Z';
        unsigned char byte = (unsigned char)(is_upper ? *password - 'A' + 'a' : *password);
        digest = (digest ^ byte) * UINT64_C(0x100000001b3);
    }
    return digest;
}

bool common_password_is(const char *password)
{
    uint64_t digest = digest_of(password);
    size_t first = 0;
    size_t end = common_password_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (common_passwords[middle] == digest) {
            return true;
        }
        if (common_passwords[middle] < digest) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return false;
}
