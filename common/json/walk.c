/* Reading past values of any kind; json_check. */

#include "common/json/json.h"

#include <stdlib.h>
#include <string.h>

#include "common/json/reader.h"

struct name {
    const char *text;
    size_t size;
};

/* The names of all objects that are open, the innermost last. */
struct names {
    struct name *list;
    size_t count;
    size_t capacity;
};

struct walk {
    struct json_reader *reader;
    struct names *names; /* NULL: repeated names do not matter */
};

static bool walk_value(struct walk *walk);

static int compare_names(const void *left, const void *right)
{
    const struct name *one = left;
    const struct name *other = right;
    if (one->size != other->size) {
        return one->size < other->size ? -1 : 1;
    }
    return memcmp(one->text, other->text, one->size);
}

static void keep_name(struct walk *walk, const struct json_string *string)
{
    struct names *names = walk->names;
    struct arena *arena = walk->reader->report.arena;
    if (names->count == names->capacity) {
        size_t capacity = names->capacity * 2;
        names->list = arena_grow(arena, names->list, names->capacity * sizeof(*names->list),
                                 capacity * sizeof(*names->list));
        names->capacity = capacity;
    }
    struct name name = {.text = string->raw, .size = string->raw_size};
    if (string->has_escapes) {
        name.text = json_string_copy(string, arena, &name.size);
    }
    names->list[names->count++] = name;
}

/* Sorted rather than hashed: no choice of names makes it slow. */
static void check_names(struct walk *walk, size_t first)
{
    struct names *names = walk->names;
    struct name *list = names->list + first;
    size_t count = names->count - first;
    qsort(list, count, sizeof(*list), compare_names);
    for (size_t i = 1; i < count; i++) {
        if (compare_names(&list[i - 1], &list[i]) == 0) {
            struct json_step step = {.name = list[i].text, .name_size = list[i].size};
            json_report_add(&walk->reader->report, &step, "is repeated");
        }
    }
    names->count = first;
}

static void check_string(struct json_reader *reader, const struct json_string *string)
{
    if (string->fault == TEXT_NUL) {
        json_report_add(&reader->report, NULL, "must not contain the character U+0000");
    } else if (string->fault == TEXT_SURROGATE) {
        json_report_add(&reader->report, NULL, "must not contain a lone surrogate");
    }
}

static bool walk_object(struct walk *walk)
{
    struct json_reader *reader = walk->reader;
    if (!json_reader_enter(reader)) {
        return false;
    }
    size_t first = walk->names == NULL ? 0 : walk->names->count;
    size_t count = 0;
    struct json_string name;
    enum json_progress progress = json_reader_member(reader, &count, &name);
    for (; progress == JSON_MORE; progress = json_reader_member(reader, &count, &name)) {
        check_string(reader, &name);
        if (walk->names != NULL) {
            keep_name(walk, &name);
        }
        if (!walk_value(walk)) {
            return false;
        }
    }
    if (progress == JSON_END && count > 1 && walk->names != NULL) {
        check_names(walk, first);
    } else if (walk->names != NULL) {
        walk->names->count = first;
    }
    return progress == JSON_END;
}

static bool walk_array(struct walk *walk)
{
    struct json_reader *reader = walk->reader;
    if (!json_reader_enter(reader)) {
        return false;
    }
    size_t count = 0;
    enum json_progress progress = json_reader_element(reader, &count);
    for (; progress == JSON_MORE; progress = json_reader_element(reader, &count)) {
        if (!walk_value(walk)) {
            return false;
        }
    }
    return progress == JSON_END;
}

static bool walk_string(struct json_reader *reader)
{
    struct json_string string;
    if (!json_reader_string(reader, &string)) {
        return false;
    }
    check_string(reader, &string);
    return true;
}

static bool walk_number(struct json_reader *reader)
{
    struct json_number number;
    if (!json_reader_number(reader, &number)) {
        return false;
    }
    if (!number.is_in_range) {
        json_report_add(&reader->report, NULL, "must not contain a number beyond 2^53-1");
    }
    return true;
}

/* As deep as JSON_DEPTH_MAX. NOLINTNEXTLINE(misc-no-recursion) */
static bool walk_value(struct walk *walk)
{
    struct json_reader *reader = walk->reader;
    switch (json_reader_peek(reader)) {
    case JSON_TOKEN_STRING:
        return walk_string(reader);
    case JSON_TOKEN_NUMBER:
        return walk_number(reader);
    case JSON_TOKEN_TRUE:
        return json_reader_word(reader, "true");
    case JSON_TOKEN_FALSE:
        return json_reader_word(reader, "false");
    case JSON_TOKEN_NULL:
        return json_reader_word(reader, "null");
    case JSON_TOKEN_OBJECT:
        return walk_object(walk);
    case JSON_TOKEN_ARRAY:
        return walk_array(walk);
    case JSON_TOKEN_NONE:
        break;
    }
    return json_reader_broken(reader);
}

bool json_reader_skip(struct json_reader *reader)
{
    struct walk walk = {.reader = reader};
    return walk_value(&walk);
}

enum err json_check(const char *data, size_t size, struct arena *arena, struct problem *problem)
{
    struct json_reader reader = json_reader_of(data, size, arena, problem);
    struct names names = {.capacity = 32};
    names.list = arena_alloc_raw(arena, names.capacity * sizeof(*names.list));
    struct walk walk = {.reader = &reader, .names = &names};
    bool is_whole = walk_value(&walk) && json_reader_finish(&reader);
    return is_whole && reader.report.count == 0 ? OK : ERR_INVALID_INPUT;
}
