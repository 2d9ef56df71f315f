/* One line an event, as key=value text or as JSON, in one write. */

#include "common/core/log.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/core/clock.h"

enum {
    VALUE_MAX = 1024,  /* what is longer is cut */
    VALUES_MAX = 4096, /* of all values of a line together */
    ESCAPED_MAX = 6,   /* what one character may become */
    REST_MAX = 1024,   /* the head, the names and what stands around the values */
    LINE_MAX_SIZE = ESCAPED_MAX * VALUES_MAX + REST_MAX,
};

static struct {
    const char *service;
    enum log_format format;
    enum log_level level;
} config = {"postroom", LOG_FORMAT_TEXT, LOG_INFO};

static const char *const level_names[] = {"debug", "info", "warning", "error"};

struct line {
    char text[LINE_MAX_SIZE];
    size_t size;
};

void log_configure(const char *service, enum log_format format, enum log_level level)
{
    config.service = service;
    config.format = format;
    config.level = level;
}

static void put(struct line *line, const char *data, size_t size)
{
    size_t room = sizeof(line->text) - 1 - line->size; /* one byte stays for the newline */
    if (size > room) {
        size = room;
    }
    memcpy(line->text + line->size, data, size);
    line->size += size;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* A character that would break the line: as \xNN, and in JSON \u00NN. */
static void put_escaped(struct line *line, char c)
{
    char escaped[8];
    if (c == '"' || c == '\\') {
        put_text(line, "\\");
    }
    if ((unsigned char)c >= 0x20 && c != 0x7f) {
        put(line, &c, 1);
        return;
    }
    (void)snprintf(escaped, sizeof(escaped),
                   config.format == LOG_FORMAT_JSON ? "\\u%04x" : "\\x%02x",
                   (unsigned)(unsigned char)c);
    put_text(line, escaped);
}

/* The values of a line one behind the other. */
struct values {
    char text[VALUES_MAX];
    size_t size;
    size_t end; /* of the room of the one in hand */
    va_list arguments;
};

static void add(struct values *values, const char *text, size_t size)
{
    size_t room = values->end - values->size;
    if (size > room) {
        size = room;
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
            size--; /* no half of a character */
        }
    }
    memcpy(values->text + values->size, text, size);
    values->size += size;
}

/* A conversion of the format: `%`, a flag 0, a width, a precision, a length, its letter. */
struct conversion {
    int width;
    int precision;
    enum { LENGTH_INT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_SIZE } length;
    char letter;
};

static const char *read_digits(const char *text, int *ret)
{
    for (*ret = 0; *text >= '0' && *text <= '9'; text++) {
        *ret = *ret * 10 + (*text - '0');
    }
    return text;
}

/* What stands behind it is returned. */
static const char *read_conversion(const char *text, struct conversion *ret)
{
    *ret = (struct conversion){.precision = -1};
    text = read_digits(text + 1, &ret->width);
    if (*text == '.') {
        text = read_digits(text + 1, &ret->precision);
    }
    for (; *text == 'l' || *text == 'z'; text++) {
        bool is_longer = *text == 'l' && ret->length == LENGTH_LONG;
        ret->length = *text == 'z' ? LENGTH_SIZE : is_longer ? LENGTH_LONG_LONG : LENGTH_LONG;
    }
    ret->letter = *text;
    return text + 1;
}

static long long take_signed(struct values *values, const struct conversion *conversion)
{
    switch (conversion->length) {
    case LENGTH_LONG:
        return va_arg(values->arguments, long);
    case LENGTH_LONG_LONG:
        return va_arg(values->arguments, long long);
    case LENGTH_SIZE:
        return va_arg(values->arguments, ssize_t);
    case LENGTH_INT:
        break;
    }
    return va_arg(values->arguments, int);
}

static unsigned long long take_unsigned(struct values *values, const struct conversion *conversion)
{
    switch (conversion->length) {
    case LENGTH_LONG:
        return va_arg(values->arguments, unsigned long);
    case LENGTH_LONG_LONG:
        return va_arg(values->arguments, unsigned long long);
    case LENGTH_SIZE:
        return va_arg(values->arguments, size_t);
    case LENGTH_INT:
        break;
    }
    return va_arg(values->arguments, unsigned);
}

/* The argument of this conversion. */
static void add_argument(struct values *values, const struct conversion *conversion)
{
    char number[64];
    const char *text = number;
    int size = 0;
    switch (conversion->letter) {
    case 's':
        text = va_arg(values->arguments, const char *);
        size = (int)strnlen(text, VALUE_MAX + 1);
        break;
    case 'd':
        size = snprintf(number, sizeof(number), "%0*lld", conversion->width,
                        take_signed(values, conversion));
        break;
    case 'u':
        size = snprintf(number, sizeof(number), "%0*llu", conversion->width,
                        take_unsigned(values, conversion));
        break;
    case 'f':
        size = snprintf(number, sizeof(number), "%.*f", conversion->precision,
                        va_arg(values->arguments, double));
        break;
    default:
        assert(false); /* a format that log.h does not have */
    }
    bool is_cut = text == number && size >= (int)sizeof(number);
    add(values, text, is_cut ? sizeof(number) - 1 : (size_t)size);
}

/* Does it need quotes to be told from what follows? */
static bool needs_quotes(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] <= ' ' || strchr("\"\\=\x7f", text[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* The value whose format begins at `format`, up to a quote where it begins with one, else to a
 * space; what stands behind it is returned. */
static const char *put_value(struct line *line, struct values *values, const char *format)
{
    bool is_quoted = *format == '"';
    char end = is_quoted ? '"' : ' ';
    size_t start = values->size;
    values->end = start + VALUE_MAX < VALUES_MAX ? start + VALUE_MAX : VALUES_MAX;
    for (format += is_quoted ? 1 : 0; *format != '\0' && *format != end;) {
        if (*format == '%') {
            struct conversion conversion;
            format = read_conversion(format, &conversion);
            add_argument(values, &conversion);
        } else {
            add(values, format++, 1);
        }
    }
    bool has_quotes = is_quoted || config.format == LOG_FORMAT_JSON ||
                      needs_quotes(values->text + start, values->size - start);
    put_text(line, has_quotes ? "\"" : "");
    for (size_t i = start; i < values->size; i++) {
        put_escaped(line, values->text[i]);
    }
    put_text(line, has_quotes ? "\"" : "");
    return *format == '"' ? format + 1 : format;
}

/* The pairs are the format's: nothing in an argument makes another. */
static void put_pairs(struct line *line, struct values *values, const char *format)
{
    while (*format != '\0') {
        format += strspn(format, " ");
        size_t name_size = strcspn(format, "= ");
        put_text(line, config.format == LOG_FORMAT_JSON ? ",\"" : " ");
        put(line, format, name_size);
        put_text(line, config.format == LOG_FORMAT_JSON ? "\":" : "=");
        format += name_size + (format[name_size] == '=' ? 1 : 0);
        format = put_value(line, values, format);
    }
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    if (level < config.level) {
        return;
    }
    char now[CLOCK_TEXT_SIZE];
    clock_format(clock_wall_us(), now);
    struct line line; /* large: not filled with zeros */
    line.size = 0;
    char head[256];
    (void)snprintf(
        head, sizeof(head),
        config.format == LOG_FORMAT_JSON
            ? "{\"time\":\"%s\",\"level\":\"%s\",\"service\":\"%s\",\"pid\":%d,\"event\":\"%s\""
            : "time=%s level=%s service=%s pid=%d event=%s",
        now, level_names[level], config.service, (int)getpid(), event);
    put_text(&line, head);
    struct values values = {.size = 0};
    va_start(values.arguments, format);
    put_pairs(&line, &values, format);
    va_end(values.arguments);
    if (config.format == LOG_FORMAT_JSON) {
        put_text(&line, "}");
    }
    line.text[line.size++] = '\n';
    ssize_t written;
    do {
        written = write(STDERR_FILENO, line.text, line.size);
    } while (written < 0 && errno == EINTR);
}
