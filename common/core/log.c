/* One line an event, as key=value text or as JSON, in one write. */

#include "common/core/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/core/clock.h"

enum { PAIRS_MAX = 2048, LINE_MAX_SIZE = 3 * PAIRS_MAX };

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

/* a character that would break the line or forge another: as \xNN, legal in neither a name nor a
 * value */
static void put_escaped(struct line *line, char c)
{
    if ((unsigned char)c >= 0x20 && c != 0x7f) {
        put(line, &c, 1);
        return;
    }
    char escaped[8];
    (void)snprintf(escaped, sizeof(escaped),
                   config.format == LOG_FORMAT_JSON ? "\\u%04x" : "\\x%02x",
                   (unsigned)(unsigned char)c);
    put_text(line, escaped);
}

/* end of the value that begins at `text`; `ret_quoted`: it stands in quotes, which end at a quote
 * before a space or the end */
static const char *value_end(const char *text, bool *ret_quoted)
{
    *ret_quoted = *text == '"';
    if (!*ret_quoted) {
        return text + strcspn(text, " ");
    }
    for (const char *end = text + 1; *end != '\0'; end++) {
        bool is_last = end[1] == '\0';
        bool is_before_pair = end[1] == ' ' && strchr(end + 1, '=') != NULL;
        if (*end == '"' && (is_last || is_before_pair)) {
            return end + 1;
        }
    }
    return text + strlen(text);
}

static void put_value(struct line *line, const char *text, const char *end, bool is_quoted)
{
    if (is_quoted) {
        text++;
        end -= end > text && end[-1] == '"' ? 1 : 0;
    }
    if (is_quoted || config.format == LOG_FORMAT_JSON) {
        put_text(line, "\"");
    }
    for (; text < end; text++) {
        if (*text == '"' || (*text == '\\' && config.format == LOG_FORMAT_JSON)) {
            put_text(line, "\\");
        }
        put_escaped(line, *text);
    }
    if (is_quoted || config.format == LOG_FORMAT_JSON) {
        put_text(line, "\"");
    }
}

static void put_pairs(struct line *line, const char *pairs)
{
    while (*pairs != '\0') {
        pairs += strspn(pairs, " ");
        size_t name_size = strcspn(pairs, "= ");
        const char *value = pairs + name_size + (pairs[name_size] == '=' ? 1 : 0);
        bool is_quoted;
        const char *end = value_end(value, &is_quoted);
        put_text(line, config.format == LOG_FORMAT_JSON ? ",\"" : " ");
        put(line, pairs, name_size);
        put_text(line, config.format == LOG_FORMAT_JSON ? "\":" : "=");
        put_value(line, value, end, is_quoted);
        pairs = end;
    }
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
    if (level < config.level) {
        return;
    }
    char pairs[PAIRS_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(pairs, sizeof(pairs), format, arguments);
    va_end(arguments);

    char now[CLOCK_TEXT_SIZE];
    clock_format(clock_wall_us(), now);
    struct line line = {.size = 0};
    char head[256];
    (void)snprintf(
        head, sizeof(head),
        config.format == LOG_FORMAT_JSON
            ? "{\"time\":\"%s\",\"level\":\"%s\",\"service\":\"%s\",\"pid\":%d,\"event\":\"%s\""
            : "time=%s level=%s service=%s pid=%d event=%s",
        now, level_names[level], config.service, (int)getpid(), event);
    put_text(&line, head);
    put_pairs(&line, pairs);
    if (config.format == LOG_FORMAT_JSON) {
        put_text(&line, "}");
    }
    line.text[line.size++] = '\n';
    ssize_t written;
    do {
        written = write(STDERR_FILENO, line.text, line.size);
    } while (written < 0 && errno == EINTR);
}
