/* Strings of JSON text: measured in one pass, copied in another. */

#include "common/json/reader.h"

#include <string.h>

static const uint32_t replacement_character = 0xFFFD;

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* the value of `\uXXXX` at `cursor`; -1 when there is none */
static int32_t unicode_escape(const char *cursor, const char *end)
{
    if (end - cursor < 6 || cursor[0] != '\\' || cursor[1] != 'u') {
        return -1;
    }
    int32_t value = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_value(cursor[i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

struct escape {
    size_t size; /* of its text; 0: no escape */
    uint32_t code_point;
    enum text_fault fault;
};

static struct escape read_unicode_escape(const char *cursor, const char *end)
{
    int32_t value = unicode_escape(cursor, end);
    if (value < 0) {
        return (struct escape){.size = 0};
    }
    if (value == 0) {
        return (struct escape){6, replacement_character, TEXT_NUL};
    }
    if (value < 0xD800 || value > 0xDFFF) {
        return (struct escape){6, (uint32_t)value, TEXT_FINE};
    }
    int32_t low = value < 0xDC00 ? unicode_escape(cursor + 6, end) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        return (struct escape){6, replacement_character, TEXT_SURROGATE};
    }
    uint32_t joined = 0x10000 + ((uint32_t)(value - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    return (struct escape){12, joined, TEXT_FINE};
}

/* `cursor` is at a backslash */
static struct escape read_escape(const char *cursor, const char *end)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (end - cursor < 2 || cursor[1] == '\0') {
        return (struct escape){.size = 0};
    }
    const char *letter = strchr(letters, cursor[1]);
    if (letter != NULL) {
        return (struct escape){2, (unsigned char)meanings[letter - letters], TEXT_FINE};
    }
    return read_unicode_escape(cursor, end);
}

/* take one character that is not plain ASCII */
static bool take_special(struct json_reader *reader, struct json_string *string)
{
    if ((unsigned char)*reader->cursor < 0x20) {
        return json_reader_broken(reader);
    }
    if (*reader->cursor != '\\') {
        size_t size = text_sequence(reader->cursor, reader->end);
        if (size == 0) {
            json_report_add(&reader->report, NULL, "is not valid UTF-8 (at byte %zu)",
                            (size_t)(reader->cursor - reader->start));
            return false;
        }
        reader->cursor += size;
        return true;
    }
    struct escape escape = read_escape(reader->cursor, reader->end);
    if (escape.size == 0) {
        return json_reader_broken(reader);
    }
    string->has_escapes = true;
    if (escape.fault != TEXT_FINE) {
        string->fault = escape.fault;
    }
    reader->cursor += escape.size;
    return true;
}

bool json_reader_string(struct json_reader *reader, struct json_string *ret)
{
    reader->cursor++; /* the quote */
    struct json_string string = {.raw = reader->cursor};
    for (;;) {
        const char *plain = reader->cursor;
        reader->cursor = text_skip_plain_ascii(plain, reader->end);
        string.characters += (size_t)(reader->cursor - plain);
        if (reader->cursor == reader->end) {
            return json_reader_broken(reader);
        }
        if (*reader->cursor == '"') {
            break;
        }
        if (!take_special(reader, &string)) {
            return false;
        }
        string.characters++;
    }
    string.raw_size = (size_t)(reader->cursor - string.raw);
    reader->cursor++;
    *ret = string;
    return true;
}

char *json_string_copy(const struct json_string *string, struct arena *arena, size_t *ret_size)
{
    if (!string->has_escapes) {
        *ret_size = string->raw_size;
        return arena_copy(arena, string->raw, string->raw_size);
    }
    /* no escape is shorter than what it means */
    char *text = arena_alloc_raw(arena, string->raw_size + 1);
    char *place = text;
    const char *cursor = string->raw;
    const char *end = cursor + string->raw_size;
    while (cursor < end) {
        const char *backslash = memchr(cursor, '\\', (size_t)(end - cursor));
        size_t plain = (size_t)((backslash == NULL ? end : backslash) - cursor);
        memcpy(place, cursor, plain);
        place += plain;
        cursor += plain;
        if (backslash != NULL) {
            struct escape escape = read_escape(cursor, end);
            place += text_put(place, escape.code_point);
            cursor += escape.size;
        }
    }
    *place = '\0';
    *ret_size = (size_t)(place - text);
    return text;
}
