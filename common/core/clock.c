/* Clocks and the one time format. */

#include "common/core/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
    return read_clock_us(CLOCK_REALTIME);
}

int64_t clock_monotonic_us(void)
{
    return read_clock_us(CLOCK_MONOTONIC);
}

int64_t clock_monotonic_ms(void)
{
    return clock_monotonic_us() / 1000;
}

/* writes `digits` decimal digits of `value`, leading zeros kept */
static char *put_digits(char *place, int64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        place[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return place + digits;
}

/* Howard Hinnant's civil_from_days: days since 1970-01-01 to a proleptic Gregorian date. */
static void civil_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

void clock_format(int64_t time_us, char ret[CLOCK_TEXT_SIZE])
{
    const int64_t day_us = INT64_C(86400000000);
    int64_t days = time_us / day_us;
    int64_t rest = time_us % day_us;
    if (rest < 0) {
        rest += day_us;
        days--;
    }
    int64_t year;
    int64_t month;
    int64_t day;
    civil_from_days(days, &year, &month, &day);
    char *place = put_digits(ret, year, 4);
    *place++ = '-';
    place = put_digits(place, month, 2);
    *place++ = '-';
    place = put_digits(place, day, 2);
    *place++ = 'T';
    int64_t seconds = rest / 1000000;
    place = put_digits(place, seconds / 3600, 2);
    *place++ = ':';
    place = put_digits(place, seconds / 60 % 60, 2);
    *place++ = ':';
    place = put_digits(place, seconds % 60, 2);
    *place++ = '.';
    place = put_digits(place, rest % 1000000, 6);
    *place++ = 'Z';
    *place = '\0';
}
