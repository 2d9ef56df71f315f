/* E-mail addresses and moments. */

#include "common/json/format.h"

#include <string.h>

enum { LOCAL_MAX = 64, LABEL_MAX = 63, DOMAIN_MAX = 253, EMAIL_MAX = 254 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 5322 dot-atom: words of these characters with single dots between them */
static bool is_local(const char *text, size_t size)
{
    if (size == 0 || size > LOCAL_MAX || text[0] == '.' || text[size - 1] == '.') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        bool is_word = is_letter(text[i]) || is_digit(text[i]) ||
                       (text[i] != '\0' && strchr("!#$%&'*+/=?^_`{|}~-", text[i]) != NULL);
        if (!is_word && (text[i] != '.' || text[i - 1] == '.')) {
            return false;
        }
    }
    return true;
}

static bool is_label(const char *text, size_t size)
{
    if (size == 0 || size > LABEL_MAX || text[0] == '-' || text[size - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '-') {
            return false;
        }
    }
    return true;
}

static bool is_domain(const char *text, size_t size)
{
    if (size > DOMAIN_MAX) {
        return false;
    }
    size_t start = 0;
    size_t labels = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i == size || text[i] == '.') {
            if (!is_label(text + start, i - start)) {
                return false;
            }
            labels++;
            start = i + 1;
        }
    }
    /* the last label is no number: that would be an address of the network, not of a domain */
    bool ends_in_letter = is_letter(text[size - 1]);
    return labels >= 2 && ends_in_letter;
}

bool format_is_email(const char *text, size_t size)
{
    const char *at = size > EMAIL_MAX ? NULL : memchr(text, '@', size);
    if (at == NULL) {
        return false;
    }
    size_t local_size = (size_t)(at - text);
    return is_local(text, local_size) && is_domain(at + 1, size - local_size - 1);
}

struct time_text {
    const char *cursor;
    const char *end;
    bool is_bad;
};

static int64_t take_digits(struct time_text *text, int count)
{
    int64_t value = 0;
    for (int i = 0; i < count; i++) {
        if (text->cursor == text->end || !is_digit(*text->cursor)) {
            text->is_bad = true;
            return 0;
        }
        value = value * 10 + (*text->cursor++ - '0');
    }
    return value;
}

static char take_one_of(struct time_text *text, const char *choices)
{
    if (text->cursor == text->end || *text->cursor == '\0' ||
        strchr(choices, *text->cursor) == NULL) {
        text->is_bad = true;
        return '\0';
    }
    return *text->cursor++;
}

static int64_t take_fraction_us(struct time_text *text)
{
    if (text->cursor == text->end || *text->cursor != '.') {
        return 0;
    }
    text->cursor++;
    int64_t unit = 100000;
    int64_t fraction = take_digits(text, 1) * unit;
    while (text->cursor < text->end && is_digit(*text->cursor)) {
        unit /= 10;
        fraction += (*text->cursor++ - '0') * unit;
    }
    return fraction;
}

static int64_t take_offset_minutes(struct time_text *text)
{
    char sign = take_one_of(text, "Zz+-");
    if (sign != '+' && sign != '-') {
        return 0;
    }
    int64_t hours = take_digits(text, 2);
    (void)take_one_of(text, ":");
    int64_t minutes = take_digits(text, 2);
    text->is_bad = text->is_bad || hours > 23 || minutes > 59;
    return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

/* Howard Hinnant's days_from_civil: days since 1970-01-01 */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2 ? 1 : 0;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

bool format_parse_time(const char *text, size_t size, int64_t *ret_us)
{
    struct time_text rest = {.cursor = text, .end = text + size};
    int64_t year = take_digits(&rest, 4);
    (void)take_one_of(&rest, "-");
    int64_t month = take_digits(&rest, 2);
    (void)take_one_of(&rest, "-");
    int64_t day = take_digits(&rest, 2);
    (void)take_one_of(&rest, "Tt");
    int64_t hour = take_digits(&rest, 2);
    (void)take_one_of(&rest, ":");
    int64_t minute = take_digits(&rest, 2);
    (void)take_one_of(&rest, ":");
    int64_t second = take_digits(&rest, 2);
    int64_t fraction_us = take_fraction_us(&rest);
    int64_t offset_minutes = take_offset_minutes(&rest);
    if (rest.is_bad || rest.cursor != rest.end || year < 1 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    int64_t days = days_from_civil(year, month, day);
    int64_t seconds = ((days * 24 + hour) * 60 + minute - offset_minutes) * 60 + second;
    *ret_us = seconds * 1000000 + fraction_us;
    return true;
}
