/* Values to and from PostgreSQL's binary format. */

#include "common/postgres/postgres_internal.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT_TEXT, FORMAT_BINARY };

/* PostgreSQL counts from 2000-01-01. */
static const int64_t epoch_us = INT64_C(946684800000000);

static void add(struct postgres_parameters *parameters, const void *value, size_t size, int format)
{
    assert(parameters->count < POSTGRES_PARAMETERS_MAX);
    parameters->values[parameters->count] = value;
    parameters->sizes[parameters->count] = (int)size;
    parameters->formats[parameters->count] = format;
    parameters->count++;
}

void postgres_add_text(struct postgres_parameters *parameters, const char *text)
{
    add(parameters, text, 0, FORMAT_TEXT);
}

void postgres_add_int64(struct postgres_parameters *parameters, int64_t value)
{
    assert(parameters->count < POSTGRES_PARAMETERS_MAX);
    uint64_t bits = htobe64((uint64_t)value);
    unsigned char *place = parameters->numbers[parameters->count];
    memcpy(place, &bits, sizeof(bits));
    add(parameters, place, sizeof(bits), FORMAT_BINARY);
}

void postgres_add_id(struct postgres_parameters *parameters, int64_t id)
{
    if (id == NOBODY) {
        add(parameters, NULL, 0, FORMAT_BINARY);
        return;
    }
    postgres_add_int64(parameters, id);
}

void postgres_add_time(struct postgres_parameters *parameters, int64_t time_us)
{
    postgres_add_int64(parameters, time_us - epoch_us);
}

void postgres_add_infinity(struct postgres_parameters *parameters)
{
    postgres_add_int64(parameters, INT64_MAX);
}

void postgres_add_bool(struct postgres_parameters *parameters, bool value)
{
    add(parameters, value ? "\1" : "\0", 1, FORMAT_BINARY);
}

void postgres_add_bytes(struct postgres_parameters *parameters, const void *data, size_t size)
{
    add(parameters, data, size, FORMAT_BINARY);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode_digest(const char *hex, unsigned char ret[32])
{
    for (size_t i = 0; i < 32; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = high < 0 ? -1 : hex_digit(hex[2 * i + 1]);
        if (low < 0) {
            return false;
        }
        ret[i] = (unsigned char)(high << 4 | low);
    }
    return hex[64] == '\0';
}

void postgres_add_digest(struct postgres_parameters *parameters, const char *hex)
{
    assert(parameters->digest_count < (int)ARRAY_COUNT(parameters->digests));
    unsigned char *place = parameters->digests[parameters->digest_count++];
    bool is_digest = hex != NULL && decode_digest(hex, place);
    add(parameters, is_digest ? place : NULL, is_digest ? 32 : 0, FORMAT_BINARY);
}

int postgres_row_count(const struct pg_result *result)
{
    return PQntuples(result);
}

int64_t postgres_affected(const struct pg_result *result)
{
    return strtoll(PQcmdTuples((PGresult *)result), NULL, 10);
}

bool postgres_is_null(const struct pg_result *result, int row, int column)
{
    return PQgetisnull(result, row, column) == 1;
}

int64_t postgres_int64(const struct pg_result *result, int row, int column)
{
    uint64_t bits = 0;
    if (PQgetlength(result, row, column) != (int)sizeof(bits)) {
        return 0;
    }
    memcpy(&bits, PQgetvalue(result, row, column), sizeof(bits));
    return (int64_t)be64toh(bits);
}

int64_t postgres_time(const struct pg_result *result, int row, int column)
{
    return postgres_int64(result, row, column) + epoch_us;
}

bool postgres_bool(const struct pg_result *result, int row, int column)
{
    return PQgetlength(result, row, column) == 1 && PQgetvalue(result, row, column)[0] == 1;
}

const char *postgres_text(const struct pg_result *result, int row, int column, struct arena *arena)
{
    if (postgres_is_null(result, row, column)) {
        return NULL;
    }
    return arena_copy(arena, PQgetvalue(result, row, column),
                      (size_t)PQgetlength(result, row, column));
}

const void *postgres_bytes(const struct pg_result *result, int row, int column, size_t *ret_size)
{
    *ret_size = (size_t)PQgetlength(result, row, column);
    return PQgetvalue(result, row, column);
}
