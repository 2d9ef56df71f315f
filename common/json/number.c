/* Exact numbers. */

#include "common/json/number.h"

#include "common/json/json.h"

/* 10^15 < 2^53 < 10^16: a digit of a higher place is out of range by itself */
enum { PLACES = 16, EXPONENT_MAX = 1000000000 };

static const char *skip_digits(const char *text, const char *end)
{
    while (text < end && *text >= '0' && *text <= '9') {
        text++;
    }
    return text;
}

size_t json_number_scan(const char *text, const char *end)
{
    const char *cursor = text;
    if (cursor < end && *cursor == '-') {
        cursor++;
    }
    const char *digits = cursor;
    cursor = skip_digits(cursor, end);
    if (cursor == digits || (*digits == '0' && cursor - digits > 1)) {
        return 0;
    }
    if (cursor < end && *cursor == '.') {
        digits = cursor + 1;
        cursor = skip_digits(digits, end);
        if (cursor == digits) {
            return 0;
        }
    }
    if (cursor < end && (*cursor == 'e' || *cursor == 'E')) {
        digits = cursor + 1;
        if (digits < end && (*digits == '+' || *digits == '-')) {
            digits++;
        }
        cursor = skip_digits(digits, end);
        if (cursor == digits) {
            return 0;
        }
    }
    return (size_t)(cursor - text);
}

/* the number's exponent; no larger than matters beside any text that fits into memory */
static int64_t parse_exponent(const char *text, const char *end)
{
    if (text == end) {
        return 0;
    }
    text++; /* e */
    bool is_negative = *text == '-';
    if (*text == '-' || *text == '+') {
        text++;
    }
    int64_t exponent = 0;
    for (; text < end; text++) {
        if (exponent < INT64_C(1000) * EXPONENT_MAX) {
            exponent = exponent * 10 + (*text - '0');
        }
    }
    return is_negative ? -exponent : exponent;
}

struct digits {
    uint64_t magnitude;
    bool has_fraction;
    bool is_too_large;
};

/* take a digit of the place 10^place */
static void take_digit(struct digits *digits, char digit, int64_t place)
{
    static const uint64_t powers[PLACES] = {
        UINT64_C(1),
        UINT64_C(10),
        UINT64_C(100),
        UINT64_C(1000),
        UINT64_C(10000),
        UINT64_C(100000),
        UINT64_C(1000000),
        UINT64_C(10000000),
        UINT64_C(100000000),
        UINT64_C(1000000000),
        UINT64_C(10000000000),
        UINT64_C(100000000000),
        UINT64_C(1000000000000),
        UINT64_C(10000000000000),
        UINT64_C(100000000000000),
        UINT64_C(1000000000000000),
    };
    if (digit == '0') {
        return;
    }
    if (place >= PLACES) {
        digits->is_too_large = true;
    } else if (place < 0) {
        digits->has_fraction = true;
    } else {
        digits->magnitude += (uint64_t)(digit - '0') * powers[place];
    }
}

void json_number_parse(const char *text, size_t size, struct json_number *ret)
{
    const char *end = text + size;
    bool is_negative = *text == '-';
    const char *whole = is_negative ? text + 1 : text;
    const char *point = skip_digits(whole, end);
    const char *fraction = point < end && *point == '.' ? point + 1 : point;
    const char *exponent_text = skip_digits(fraction, end);
    int64_t exponent = parse_exponent(exponent_text, end);

    struct digits digits = {0};
    for (const char *digit = whole; digit < point; digit++) {
        take_digit(&digits, *digit, point - digit - 1 + exponent);
    }
    for (const char *digit = fraction; digit < exponent_text; digit++) {
        take_digit(&digits, *digit, fraction - digit - 1 + exponent);
    }
    bool is_beyond = digits.magnitude > (uint64_t)JSON_INTEGER_MAX ||
                     (digits.magnitude == (uint64_t)JSON_INTEGER_MAX && digits.has_fraction);
    ret->is_integer = !digits.has_fraction;
    ret->is_in_range = !digits.is_too_large && !is_beyond;
    int64_t magnitude = ret->is_in_range ? (int64_t)digits.magnitude : 0;
    ret->integer = is_negative ? -magnitude : magnitude;
}

bool json_number_parse_decimal(const char *text, size_t size, struct json_number *ret)
{
    const char *end = text + size;
    const char *digits = size > 0 && *text == '-' ? text + 1 : text;
    if (skip_digits(digits, end) != end || size == 0 || json_number_scan(text, end) != size) {
        return false;
    }
    json_number_parse(text, size, ret);
    return true;
}
