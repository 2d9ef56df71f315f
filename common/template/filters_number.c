/* The filters of templates that look at numbers and times. */

#include <inttypes.h>
#include <time.h>

#include "common/core/attributes.h"
#include "common/template/filters.h"

enum { US_PER_S = 1000000 };

/* The broken-down time in UTC; years 1–9999. */
static struct tm parts_of(int64_t us)
{
    time_t seconds = (time_t)(us / US_PER_S - (us % US_PER_S < 0 ? 1 : 0));
    struct tm parts = {0};
    gmtime_r(&seconds, &parts);
    return parts;
}

const char *render_date(struct render *render, int64_t us)
{
    struct tm parts = parts_of(us);
    const char *behind = "";
    if (render->language == LANGUAGE_DE) {
        behind = ".";
    } else if (render->language == LANGUAGE_FR && parts.tm_mday == 1) {
        behind = "er";
    }
    return arena_printf(render->buffer.arena, "%d%s %s %d", parts.tm_mday, behind,
                        language_month(render->language, parts.tm_mon + 1), parts.tm_year + 1900);
}

const char *render_time(struct render *render, int64_t us)
{
    struct tm parts = parts_of(us);
    return arena_printf(render->buffer.arena, "%02d:%02d", parts.tm_hour, parts.tm_min);
}

const char *render_datetime(struct render *render, int64_t us)
{
    return arena_printf(render->buffer.arena, "%s, %s UTC", render_date(render, us),
                        render_time(render, us));
}

const char *render_iso(struct render *render, int64_t us)
{
    struct tm parts = parts_of(us);
    return arena_printf(render->buffer.arena, "%04d-%02d-%02dT%02d:%02d:%02dZ",
                        parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                        parts.tm_min, parts.tm_sec);
}

const char *render_number(struct render *render, int64_t number)
{
    struct buffer text;
    buffer_init(&text, render->buffer.arena);
    const char *digits = render_integer_text(render, number);
    if (*digits == '-') {
        buffer_append_char(&text, *digits++);
    }
    size_t left = 0;
    while (digits[left] != '\0') {
        left++;
    }
    for (; left > 0; left--) {
        buffer_append_char(&text, *digits++);
        if (left > 1 && left % 3 == 1) {
            buffer_append_text(&text, language_thousands(render->language));
        }
    }
    return text.data;
}

/* A number of tenths, such as 12.3, and what it counts. */
static const char *with_tenths(struct render *render, int64_t tenths, const char *unit)
{
    uint64_t size = tenths < 0 ? 0 - (uint64_t)tenths : (uint64_t)tenths;
    return arena_printf(render->buffer.arena, "%s%" PRIu64 "%s%" PRIu64 " %s",
                        tenths < 0 ? "-" : "", size / 10, language_decimal(render->language),
                        size % 10, unit);
}

/* Units, each so many of the first. */
struct unit {
    int64_t worth;
    const char *name;
};

/* In the largest unit of which there is one; a tenth is shown unless it is the first, or 0. */
static const char *in_units(struct render *render, int64_t number, const struct unit *units,
                            size_t count)
{
    size_t i = count - 1;
    while (i > 0 && number < units[i].worth && number > -units[i].worth) {
        i--;
    }
    int64_t tenth = units[i].worth < 10 ? 1 : units[i].worth / 10;
    int64_t tenths = number / units[i].worth * 10 + number % units[i].worth / tenth;
    if (tenths % 10 != 0) {
        return with_tenths(render, tenths, units[i].name);
    }
    return arena_printf(render->buffer.arena, "%" PRId64 " %s", number / units[i].worth,
                        units[i].name);
}

const char *render_duration(struct render *render, int64_t us)
{
    static const struct unit units[] = {
        {1, "µs"},
        {1000, "ms"},
        {US_PER_S, "s"},
        {INT64_C(60) * US_PER_S, "min"},
        {INT64_C(3600) * US_PER_S, "h"},
        {INT64_C(86400) * US_PER_S, "d"},
    };
    return in_units(render, us, units, ARRAY_COUNT(units));
}

const char *render_bytes(struct render *render, int64_t number)
{
    static const struct unit units[] = {
        {1, "B"},
        {1000, "kB"},
        {1000 * 1000, "MB"},
        {1000 * 1000 * 1000, "GB"},
    };
    return in_units(render, number, units, ARRAY_COUNT(units));
}
