/* Values into fields: checked against the field's limits. Internal to the codec. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/json/json.h"
#include "common/json/number.h"
#include "common/json/report.h"
#include "common/json/text.h"

/* A text as it came, to be checked and kept (it is ctx already). */
struct set_text {
    const char *text; /* NUL-terminated */
    size_t size;
    size_t characters;
};

static inline uint64_t field_bit(const struct json_field *field)
{
    return UINT64_C(1) << field->index;
}

/* Set a JSON_STRING, JSON_TIME or JSON_ENUM in the struct `owner`; what is wrong is noted at
 * `step`. */
void set_text(const struct json_field *field, const struct set_text *text,
              struct json_report *report, const struct json_step *step, void *owner);
void set_number(const struct json_field *field, const struct json_number *number,
                struct json_report *report, const struct json_step *step, void *owner);
void set_boolean(const struct json_field *field, bool value, void *owner);
/* Note that the field is present, if it has a place for that. */
void set_presence(const struct json_field *field, void *owner);

/* Note that a value of the wrong type came, such as "must be a string". */
void report_type(const struct json_field *field, struct json_report *report,
                 const struct json_step *step);
/* Note what is at fault in a text. */
void report_fault(enum text_fault fault, struct json_report *report, const struct json_step *step);
