/*
 * A strict reader of JSON text (RFC 8259), one token after the other. Functions that return bool,
 * or JSON_BROKEN, have noted on "body" why the text is broken; nothing more is read from it then.
 * Internal to the codec.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/core/attributes.h"
#include "common/json/number.h"
#include "common/json/report.h"
#include "common/json/text.h"

struct json_reader {
    const char *start;
    const char *cursor;
    const char *end;
    size_t depth;
    struct json_report report;
};

/* A string as it stands between its quotes. */
struct json_string {
    const char *raw;
    size_t raw_size;
    size_t characters; /* that it means */
    bool has_escapes;
    enum text_fault fault; /* U+0000 or a lone surrogate: well-formed, but refused where it is meant
                              for a field */
};

enum json_token {
    JSON_TOKEN_STRING,
    JSON_TOKEN_NUMBER,
    JSON_TOKEN_TRUE,
    JSON_TOKEN_FALSE,
    JSON_TOKEN_NULL,
    JSON_TOKEN_OBJECT,
    JSON_TOKEN_ARRAY,
    JSON_TOKEN_NONE, /* the end, or what begins no value */
};

enum json_progress { JSON_MORE, JSON_END, JSON_BROKEN };

struct json_reader json_reader_of(const char *data, size_t size, struct arena *arena,
                                  struct problem *problem);

/* What begins after the white space. */
enum json_token json_reader_peek(struct json_reader *reader);

/* Read what json_reader_peek has announced. */
MUST_CHECK bool json_reader_string(struct json_reader *reader, struct json_string *ret);
MUST_CHECK bool json_reader_number(struct json_reader *reader, struct json_number *ret);
MUST_CHECK bool json_reader_word(struct json_reader *reader, const char *word);
MUST_CHECK bool json_reader_enter(struct json_reader *reader);

/*
 * After json_reader_enter: is there another member (element)? JSON_MORE: its name has been read
 * (nothing has) and the value comes next. JSON_END: the bracket has been read. `count` begins as 0
 * and counts.
 */
MUST_CHECK enum json_progress json_reader_member(struct json_reader *reader, size_t *count,
                                                 struct json_string *ret_name);
MUST_CHECK enum json_progress json_reader_element(struct json_reader *reader, size_t *count);

/* Read past one value of any kind. Noted but not broken: numbers and strings that json_check
 * refuses. */
MUST_CHECK bool json_reader_skip(struct json_reader *reader);

/* Is there nothing but white space left? */
MUST_CHECK bool json_reader_finish(struct json_reader *reader);

/* Note that the text is broken at the cursor; false. */
bool json_reader_broken(struct json_reader *reader);

/* What a string means, NUL-terminated; ctx. U+FFFD stands for what is at fault. */
char *json_string_copy(const struct json_string *string, struct arena *arena, size_t *ret_size);
