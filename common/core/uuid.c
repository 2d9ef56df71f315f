/* UUID version 7: 48 bits of milliseconds, the rest random. Version 8: 122 bits of a digest. */

#include "common/core/uuid.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "common/core/clock.h"

static const char hex_digits[] = "0123456789abcdef";

static bool is_dash_place(size_t place)
{
    return place == 8 || place == 13 || place == 18 || place == 23;
}

/* Set version and variant (RFC 9562, section 4) and write it down. */
static void write_text(unsigned char bytes[UUID_SIZE], unsigned version, char ret[UUID_TEXT_SIZE])
{
    size_t place = 0;
    bytes[6] = (unsigned char)(version << 4 | (bytes[6] & 0x0f));
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (is_dash_place(place)) {
            ret[place++] = '-';
        }
        ret[place++] = hex_digits[bytes[i] >> 4];
        ret[place++] = hex_digits[bytes[i] & 15];
    }
    ret[place] = '\0';
}

void uuid_new(char ret[UUID_TEXT_SIZE])
{
    unsigned char bytes[UUID_SIZE];
    uint64_t now_ms = (uint64_t)(clock_wall_us() / 1000);
    for (int i = 0; i < 6; i++) {
        bytes[i] = (unsigned char)(now_ms >> (8 * (5 - i)));
    }
    randombytes_buf(bytes + 6, sizeof(bytes) - 6);
    write_text(bytes, 7, ret);
}

void uuid_of_digest(const unsigned char digest[UUID_SIZE], char ret[UUID_TEXT_SIZE])
{
    unsigned char bytes[UUID_SIZE];
    memcpy(bytes, digest, sizeof(bytes));
    write_text(bytes, 8, ret);
}

int64_t uuid_time_us(const char *text)
{
    int64_t ms = 0;
    if (text[14] != '7') {
        return 0;
    }
    for (size_t i = 0; i < 13; i++) {
        if (!is_dash_place(i)) {
            const char *digit = strchr(hex_digits, text[i] | 0x20);
            ms = ms * 16 + (digit - hex_digits);
        }
    }
    return ms * 1000;
}

bool uuid_parse(const char *text, size_t size, char ret[UUID_TEXT_SIZE])
{
    char lower[UUID_TEXT_SIZE];
    if (size != UUID_LENGTH) {
        return false;
    }
    for (size_t i = 0; i < UUID_LENGTH; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'F') {
            c = (char)(c - 'A' + 'a');
        }
        bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (is_dash_place(i) ? c != '-' : !is_hex) {
            return false;
        }
        lower[i] = c;
    }
    lower[UUID_LENGTH] = '\0';
    for (size_t i = 0; ret != NULL && i < UUID_TEXT_SIZE; i++) {
        ret[i] = lower[i];
    }
    return true;
}
