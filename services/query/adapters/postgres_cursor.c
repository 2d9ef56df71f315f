/* Cursors as text: base64url of version, moment, id and checksum, all big-endian. */

#include "postgres_cursor.h"

#include <endian.h>
#include <sodium.h>
#include <string.h>

enum {
    VERSION = 1,
    TIME_AT = 1,
    ID_AT = TIME_AT + 8,
    CHECKSUM_AT = ID_AT + 8,
    CHECKSUM_SIZE = 4,
    CURSOR_SIZE = CHECKSUM_AT + CHECKSUM_SIZE,
    TEXT_SIZE = CURSOR_SIZE * 4 / 3 + 1,
};

/* 9999-12-31T23:59:59.999999Z. Nothing is older than 1970, or younger than this; PostgreSQL refuses
 * times far beyond. */
static const int64_t moment_max = INT64_C(253402300799999999);

/* FNV-1a: against mistakes, not against people; a forged cursor shows nothing that another would
 * not. */
static void checksum(const unsigned char *bytes, size_t size, unsigned char ret[CHECKSUM_SIZE])
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < size; i++) {
        sum = (sum ^ bytes[i]) * 16777619u;
    }
    sum = htobe32(sum);
    memcpy(ret, &sum, CHECKSUM_SIZE);
}

static void put_int64(unsigned char *place, int64_t value)
{
    uint64_t bits = htobe64((uint64_t)value);
    memcpy(place, &bits, sizeof(bits));
}

static int64_t get_int64(const unsigned char *place)
{
    uint64_t bits;
    memcpy(&bits, place, sizeof(bits));
    return (int64_t)be64toh(bits);
}

const char *postgres_cursor_encode(const struct postgres_cursor *cursor, struct arena *arena)
{
    unsigned char bytes[CURSOR_SIZE] = {VERSION};
    put_int64(bytes + TIME_AT, cursor->moment);
    put_int64(bytes + ID_AT, cursor->id);
    checksum(bytes, CHECKSUM_AT, bytes + CHECKSUM_AT);
    char *text = arena_alloc(arena, TEXT_SIZE);
    return sodium_bin2base64(text, TEXT_SIZE, bytes, sizeof(bytes),
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool postgres_cursor_decode(const char *text, struct postgres_cursor *ret)
{
    unsigned char bytes[CURSOR_SIZE];
    unsigned char sum[CHECKSUM_SIZE];
    size_t size = 0;
    const char *end = NULL;
    size_t length = strlen(text);
    bool is_base64 = length == TEXT_SIZE - 1 &&
                     sodium_base642bin(bytes, sizeof(bytes), text, length, NULL, &size, &end,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                     end == text + length;
    if (!is_base64 || size != CURSOR_SIZE || bytes[0] != VERSION) {
        return false;
    }
    checksum(bytes, CHECKSUM_AT, sum);
    if (memcmp(sum, bytes + CHECKSUM_AT, CHECKSUM_SIZE) != 0) {
        return false;
    }
    *ret = (struct postgres_cursor){
        .moment = get_int64(bytes + TIME_AT),
        .id = get_int64(bytes + ID_AT),
    };
    return ret->moment >= 0 && ret->moment <= moment_max;
}

enum err postgres_cursor_add(const char *text, struct ctx *ctx,
                             struct postgres_parameters *parameters)
{
    struct postgres_cursor cursor;
    if (text == NULL) {
        postgres_add_infinity(parameters);
        postgres_add_int64(parameters, INT64_MAX);
        return OK;
    }
    if (!postgres_cursor_decode(text, &cursor)) {
        return ctx_invalid(ctx, "cursor", "is not a cursor of this list");
    }
    postgres_add_time(parameters, cursor.moment);
    postgres_add_int64(parameters, cursor.id);
    return OK;
}
