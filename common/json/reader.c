/* Tokens of JSON text. Strings are in string.c. */

#include "common/json/reader.h"

#include <string.h>

#include "common/json/json.h"

struct json_reader json_reader_of(const char *data, size_t size, struct arena *arena,
                                  struct problem *problem)
{
    return (struct json_reader){
        .start = data,
        .cursor = data,
        .end = data + size,
        .report = {.arena = arena, .problem = problem},
    };
}

bool json_reader_broken(struct json_reader *reader)
{
    json_report_add(&reader->report, NULL, "is not valid JSON (at byte %zu)",
                    (size_t)(reader->cursor - reader->start));
    return false;
}

static void skip_space(struct json_reader *reader)
{
    while (reader->cursor < reader->end && (*reader->cursor == ' ' || *reader->cursor == '\n' ||
                                            *reader->cursor == '\t' || *reader->cursor == '\r')) {
        reader->cursor++;
    }
}

enum json_token json_reader_peek(struct json_reader *reader)
{
    skip_space(reader);
    if (reader->cursor == reader->end) {
        return JSON_TOKEN_NONE;
    }
    switch (*reader->cursor) {
    case '"':
        return JSON_TOKEN_STRING;
    case '{':
        return JSON_TOKEN_OBJECT;
    case '[':
        return JSON_TOKEN_ARRAY;
    case 't':
        return JSON_TOKEN_TRUE;
    case 'f':
        return JSON_TOKEN_FALSE;
    case 'n':
        return JSON_TOKEN_NULL;
    case '-':
        return JSON_TOKEN_NUMBER;
    default:
        return *reader->cursor >= '0' && *reader->cursor <= '9' ? JSON_TOKEN_NUMBER
                                                                : JSON_TOKEN_NONE;
    }
}

bool json_reader_number(struct json_reader *reader, struct json_number *ret)
{
    size_t size = json_number_scan(reader->cursor, reader->end);
    if (size == 0) {
        return json_reader_broken(reader);
    }
    json_number_parse(reader->cursor, size, ret);
    reader->cursor += size;
    return true;
}

bool json_reader_word(struct json_reader *reader, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(reader->end - reader->cursor) < size || memcmp(reader->cursor, word, size) != 0) {
        return json_reader_broken(reader);
    }
    reader->cursor += size;
    return true;
}

bool json_reader_enter(struct json_reader *reader)
{
    if (reader->depth == JSON_DEPTH_MAX) {
        json_report_add(&reader->report, NULL, "is nested more than %d levels deep",
                        (int)JSON_DEPTH_MAX);
        return false;
    }
    reader->depth++;
    reader->cursor++;
    return true;
}

/* the comma before the next member or element, or the bracket after the last */
static enum json_progress advance(struct json_reader *reader, size_t *count, char bracket)
{
    skip_space(reader);
    if (reader->cursor == reader->end) {
        (void)json_reader_broken(reader);
        return JSON_BROKEN;
    }
    if (*reader->cursor == bracket) {
        reader->cursor++;
        reader->depth--;
        return JSON_END;
    }
    if (*count > 0) {
        if (*reader->cursor != ',') {
            (void)json_reader_broken(reader);
            return JSON_BROKEN;
        }
        reader->cursor++;
    }
    (*count)++;
    return JSON_MORE;
}

enum json_progress json_reader_element(struct json_reader *reader, size_t *count)
{
    return advance(reader, count, ']');
}

enum json_progress json_reader_member(struct json_reader *reader, size_t *count,
                                      struct json_string *ret_name)
{
    enum json_progress progress = advance(reader, count, '}');
    if (progress != JSON_MORE) {
        return progress;
    }
    if (json_reader_peek(reader) != JSON_TOKEN_STRING) {
        (void)json_reader_broken(reader);
        return JSON_BROKEN;
    }
    if (!json_reader_string(reader, ret_name)) {
        return JSON_BROKEN;
    }
    skip_space(reader);
    if (reader->cursor == reader->end || *reader->cursor != ':') {
        (void)json_reader_broken(reader);
        return JSON_BROKEN;
    }
    reader->cursor++;
    return JSON_MORE;
}

bool json_reader_finish(struct json_reader *reader)
{
    skip_space(reader);
    return reader->cursor == reader->end ? true : json_reader_broken(reader);
}
