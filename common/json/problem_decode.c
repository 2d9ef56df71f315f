/* Problems back from application/problem+json. */

#include "common/core/problem.h"

#include <string.h>

#include "common/json/reader.h"

static bool read_text(struct json_reader *reader, const char **ret)
{
    struct json_string string;
    size_t size;
    if (json_reader_peek(reader) != JSON_TOKEN_STRING || !json_reader_string(reader, &string)) {
        return false;
    }
    *ret = json_string_copy(&string, reader->report.arena, &size);
    return true;
}

static bool read_messages(struct json_reader *reader, const char *field, struct problem *problem)
{
    size_t count = 0;
    enum json_progress progress;
    if (json_reader_peek(reader) != JSON_TOKEN_ARRAY || !json_reader_enter(reader)) {
        return false;
    }
    while ((progress = json_reader_element(reader, &count)) == JSON_MORE) {
        const char *message;
        if (!read_text(reader, &message)) {
            return false;
        }
        problem_add(problem, reader->report.arena, field, "%s", message);
    }
    return progress == JSON_END;
}

static bool read_errors(struct json_reader *reader, struct problem *problem)
{
    struct json_string name;
    size_t count = 0;
    size_t size;
    enum json_progress progress;
    if (json_reader_peek(reader) != JSON_TOKEN_OBJECT || !json_reader_enter(reader)) {
        return false;
    }
    while ((progress = json_reader_member(reader, &count, &name)) == JSON_MORE) {
        const char *field = json_string_copy(&name, reader->report.arena, &size);
        if (!read_messages(reader, field, problem)) {
            return false;
        }
    }
    return progress == JSON_END;
}

static bool is_name(const struct json_string *name, const char *text)
{
    return name->raw_size == strlen(text) && memcmp(name->raw, text, name->raw_size) == 0;
}

static bool read_member(struct json_reader *reader, const struct json_string *name,
                        struct problem *problem)
{
    if (is_name(name, "detail")) {
        return read_text(reader, &problem->detail);
    }
    if (is_name(name, "errors")) {
        return read_errors(reader, problem);
    }
    return json_reader_skip(reader);
}

enum err problem_decode(const char *body, size_t size, struct arena *arena, struct problem *ret)
{
    struct json_reader reader = json_reader_of(body, size, arena, NULL);
    struct problem problem = {0};
    struct json_string name;
    size_t count = 0;
    enum json_progress progress = JSON_BROKEN;
    enum err err = problem_code_of(body, size);
    if (err == OK || json_reader_peek(&reader) != JSON_TOKEN_OBJECT ||
        !json_reader_enter(&reader)) {
        return ERR_INTERNAL;
    }
    while ((progress = json_reader_member(&reader, &count, &name)) == JSON_MORE) {
        if (!read_member(&reader, &name, &problem)) {
            return ERR_INTERNAL;
        }
    }
    if (progress != JSON_END) {
        return ERR_INTERNAL;
    }
    *ret = problem;
    ret->err = err;
    return OK;
}
