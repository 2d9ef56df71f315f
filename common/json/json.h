/*
 * JSON (RFC 8259) to and from C structs by descriptor tables. The tables are generated from the
 * contracts; this codec is the only code that walks them. Input is refused when it is larger than
 * its caller allows, deeper than JSON_DEPTH_MAX, not UTF-8, followed by trailing bytes, or holds a
 * NUL, a lone surrogate, a repeated key, a number beyond ±(2^53-1) or not finite. All fields in
 * error are reported at once.
 *
 * C shapes:
 *   string            const char *name            NUL-terminated; NULL: absent (or null)
 *   string, uuid/email const char *               checked by format
 *   string, date-time int64_t name                µs since 1970, UTC
 *   integer           int64_t name
 *   boolean           bool name
 *   enum              enum <model> name           0: absent
 *   object            struct <model> name         by value
 *   array             struct <model> *name; size_t name_count;
 *   raw               struct json_slice name      results only: an object's own text; data NULL:
 * null An optional or nullable integer, boolean, date-time or object has `bool has_<name>` before
 * it, true when present (or filled in by a default). An optional string or enum is absent when NULL
 * or 0. An optional or nullable array: NULL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/buffer.h"
#include "common/core/err.h"
#include "common/core/problem.h"

enum { JSON_DEPTH_MAX = 32 };
#define JSON_INTEGER_MAX INT64_C(9007199254740991) /* 2^53-1 */

enum json_kind {
    JSON_STRING,
    JSON_TIME,
    JSON_INTEGER,
    JSON_BOOLEAN,
    JSON_ENUM,
    JSON_OBJECT,
    JSON_ARRAY, /* of objects */
    JSON_RAW,   /* an object as it stands: struct json_slice */
};

enum json_format { JSON_FORMAT_NONE, JSON_FORMAT_EMAIL, JSON_FORMAT_UUID };

enum json_flag {
    JSON_REQUIRED = 1 << 0,
    JSON_NULLABLE = 1 << 1,
    JSON_SECRET = 1 << 2,    /* never logged, never kept, blanked in dead letters */
    JSON_NOT_BLANK = 1 << 3, /* pattern "\\S" */
    JSON_HAS_DEFAULT = 1 << 4,
};

/* A slice of a JSON text; data is borrowed from it. */
struct json_slice {
    const char *data;
    size_t size;
};

#define JSON_NO_PRESENCE SIZE_MAX

enum { JSON_FIELDS_MAX = 64 }; /* of one object: so many bits a set of fields has */

struct json_object;

struct json_field {
    const char *name;
    size_t name_size;
    enum json_kind kind;
    unsigned index;         /* in the contract's order: the field's bit in a set of fields */
    unsigned flags;         /* of enum json_flag */
    size_t offset;          /* in the struct */
    size_t presence_offset; /* of the bool has_<name>; JSON_NO_PRESENCE */
    size_t count_offset;    /* of <name>_count, arrays only */
    enum json_format format;
    int64_t
        minimum; /* of an integer; of a string, its length in characters; of an array, its count */
    int64_t maximum;
    const char *const *values; /* enum: texts of the values 1…value_count */
    size_t value_count;
    const struct json_object *object; /* of an object; of an array's elements */
    int64_t default_integer;          /* integer, boolean, enum */
    const char *default_text;
};

struct json_object {
    const char *name; /* "posts.create command", for messages of ours */
    const struct json_field *fields;
    size_t field_count;
    size_t size; /* of the struct */
    size_t minimum_properties;
};

/*
 * Read one JSON object into the zeroed struct at `ret`; strings are ctx. On ERR_INVALID_INPUT
 * `problem` says all that is wrong, by field ("body" for what belongs to none), and `ret` is
 * unspecified. Unknown fields are errors. Defaults are filled in.
 */
MUST_CHECK enum err json_decode(const struct json_object *object, const char *data, size_t size,
                                struct arena *arena, struct problem *problem, void *ret);

/*
 * The same in parts, for input that comes from several places: path, query string, body. `seen`
 * begins as 0 and gathers the fields that were read (a bit for each field's index); a field that is
 * read twice, in one part or in two, is an error. The last step is json_complete. Each step may be
 * taken after another has failed, so that all that is wrong is reported at once.
 */

/* Read an object of some of the fields; without defaults and without the checks that need the
 * whole. */
MUST_CHECK enum err json_decode_part(const struct json_object *object, const char *data,
                                     size_t size, struct arena *arena, struct problem *problem,
                                     uint64_t *seen, void *ret);

/* Set one scalar field from text (path, query string, form): integers, booleans and so on are
 * parsed. */
MUST_CHECK enum err json_set_text(const struct json_field *field, const char *text, size_t size,
                                  struct arena *arena, struct problem *problem, uint64_t *seen,
                                  void *ret);

/* Fill in defaults and check required fields and minimum_properties. `object` is the whole input.
 */
MUST_CHECK enum err json_complete(const struct json_object *object, struct arena *arena,
                                  struct problem *problem, uint64_t seen, void *ret);

/* The field of this name, or NULL. */
const struct json_field *json_field_find(const struct json_object *object, const char *name,
                                         size_t name_size);

/* Append the struct as JSON, fields in the contract's order, absent ones left out: equal structs
 * give equal bytes. A raw value must be valid JSON: it is passed through. */
void json_encode(const struct json_object *object, const void *value, struct buffer *buffer);
/* Append an array of `count` structs. */
void json_encode_array(const struct json_object *object, const void *values, size_t count,
                       struct buffer *buffer);

/* Append a JSON string with its quotes. `text` must be UTF-8. */
void json_encode_text(const char *text, size_t size, struct buffer *buffer);

/*
 * Copy the JSON object `data` with the values of `object`'s secret fields, and of unknown ones,
 * replaced by "[removed]". What cannot be read as an object is replaced as a whole by null: an
 * unreadable body may hold a secret anywhere.
 */
void json_redact(const struct json_object *object, const char *data, size_t size,
                 struct arena *arena, struct buffer *buffer);

/*
 * Find the value of a top-level member without decoding the rest. The text must be one of our own
 * replies: it is walked, not validated in full. False when `data` is no object or has no such
 * member.
 */
bool json_find_member(const char *data, size_t size, const char *name, struct json_slice *ret);

/* Is it one whole, valid JSON text under all the limits above? `problem` (may be NULL) says why
 * not. */
MUST_CHECK enum err json_check(const char *data, size_t size, struct arena *arena,
                               struct problem *problem);
