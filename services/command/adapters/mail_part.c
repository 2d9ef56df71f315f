/* A text as a part of an e-mail. */

#include "services/command/adapters/mail_part.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

enum {
    PLAIN_LINE_MAX = 78,
    QUOTED_LINE_MAX = 76,   /* RFC 2045, 6.7 (5); the = at its end included */
    BASE64_LINE_BYTES = 57, /* 76 characters */
    BASE64_SHARE = 6,       /* base64 is shorter when more than every sixth byte is quoted */
};

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The text with CRLF for each line end, and one at its end. */
static void append_lines(const char *text, struct buffer *ret)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        size_t end = size > 0 && text[size - 1] == '\r' ? size - 1 : size;
        buffer_append(ret, text, end);
        buffer_append_text(ret, "\r\n");
        text += text[size] == '\n' ? size + 1 : size;
    }
}

/* Can it travel as it is? Blanks at the end of a line get lost on the way. */
static bool is_plain(const struct buffer *lines)
{
    size_t column = 0;
    for (size_t i = 0; i < lines->size; i++) {
        char c = lines->data[i];
        bool is_end = c == '\r' && lines->data[i + 1] == '\n';
        if (is_end) {
            bool has_blanks = column > 0 && is_blank(lines->data[i - 1]);
            if (has_blanks) {
                return false;
            }
            column = 0;
            i++;
            continue;
        }
        column++;
        if ((!is_printable(c) && c != '\t') || c == '=' || column > PLAIN_LINE_MAX) {
            return false;
        }
    }
    return true;
}

static bool is_quoted(char c)
{
    return c == '=' || !is_printable(c);
}

static bool is_mostly_quoted(const struct buffer *lines)
{
    size_t quoted = 0;
    for (size_t i = 0; i < lines->size; i++) {
        quoted += is_quoted(lines->data[i]) && lines->data[i] != '\r' && lines->data[i] != '\n';
    }
    return quoted * BASE64_SHARE > lines->size;
}

/* One line without its end: a blank is quoted where it would be the last. */
static void append_quoted_line(const char *line, size_t size, struct buffer *ret)
{
    size_t column = 0;
    for (size_t i = 0; i < size; i++) {
        bool is_last = i + 1 == size;
        bool needs_quotes = is_quoted(line[i]) && line[i] != '\t';
        needs_quotes = needs_quotes || (is_last && is_blank(line[i]));
        size_t width = needs_quotes ? 3 : 1;
        if (column + width > QUOTED_LINE_MAX - (is_last ? 0 : 1)) {
            buffer_append_text(ret, "=\r\n");
            column = 0;
        }
        if (needs_quotes) {
            buffer_printf(ret, "=%02X", (unsigned char)line[i]);
        } else {
            buffer_append_char(ret, line[i]);
        }
        column += width;
    }
}

static void append_quoted(const struct buffer *lines, struct buffer *ret)
{
    const char *line = lines->data;
    const char *end = lines->data + lines->size;
    while (line < end) {
        const char *line_end = memmem(line, (size_t)(end - line), "\r\n", 2);
        append_quoted_line(line, (size_t)(line_end - line), ret);
        buffer_append_text(ret, "\r\n");
        line = line_end + 2;
    }
}

void mail_part_append_base64(const char *data, size_t size, struct buffer *ret)
{
    size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL);
    char *place = buffer_reserve(ret, room);
    sodium_bin2base64(place, room, (const unsigned char *)data, size,
                      sodium_base64_VARIANT_ORIGINAL);
    ret->size += room - 1;
}

static void append_base64_lines(const struct buffer *lines, struct buffer *ret)
{
    for (size_t i = 0; i < lines->size; i += BASE64_LINE_BYTES) {
        size_t rest = lines->size - i;
        mail_part_append_base64(lines->data + i,
                                rest < BASE64_LINE_BYTES ? rest : BASE64_LINE_BYTES, ret);
        buffer_append_text(ret, "\r\n");
    }
}

void mail_part_write(const char *type, const char *text, struct buffer *ret)
{
    struct buffer lines;
    buffer_init(&lines, ret->arena);
    buffer_append_text(&lines, "");
    append_lines(text, &lines);

    buffer_printf(ret, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: ", type);
    if (is_plain(&lines)) {
        buffer_append_text(ret, "7bit\r\n\r\n");
        buffer_append(ret, lines.data, lines.size);
    } else if (is_mostly_quoted(&lines)) {
        buffer_append_text(ret, "base64\r\n\r\n");
        append_base64_lines(&lines, ret);
    } else {
        buffer_append_text(ret, "quoted-printable\r\n\r\n");
        append_quoted(&lines, ret);
    }
}
