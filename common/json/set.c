/* Values into fields. The messages are a fixed list, to be translated. */

#include "common/json/set.h"

#include <inttypes.h>
#include <string.h>

#include "common/core/buffer.h"
#include "common/core/uuid.h"
#include "common/json/format.h"

static void *place_of(const struct json_field *field, void *owner)
{
    return (char *)owner + field->offset;
}

void set_presence(const struct json_field *field, void *owner)
{
    if (field->presence_offset != JSON_NO_PRESENCE) {
        *(bool *)((char *)owner + field->presence_offset) = true;
    }
}

void set_boolean(const struct json_field *field, bool value, void *owner)
{
    *(bool *)place_of(field, owner) = value;
    set_presence(field, owner);
}

static void set_integer(const struct json_field *field, int64_t value, void *owner)
{
    *(int64_t *)place_of(field, owner) = value;
    set_presence(field, owner);
}

void set_number(const struct json_field *field, const struct json_number *number,
                struct json_report *report, const struct json_step *step, void *owner)
{
    if (!number->is_integer) {
        report_type(field, report, step);
    } else if (!number->is_in_range || number->integer < field->minimum ||
               number->integer > field->maximum) {
        json_report_add(report, step, "must be an integer between %" PRId64 " and %" PRId64,
                        field->minimum, field->maximum);
    } else {
        set_integer(field, number->integer, owner);
    }
}

static void set_string(const struct json_field *field, const struct set_text *text,
                       struct json_report *report, const struct json_step *step, void *owner)
{
    if ((int64_t)text->characters < field->minimum && field->minimum == 1) {
        json_report_add(report, step, "must not be empty");
    } else if ((field->flags & JSON_NOT_BLANK) != 0 && text_is_blank(text->text, text->size)) {
        json_report_add(report, step, "must not be blank");
    } else if ((int64_t)text->characters < field->minimum) {
        json_report_add(report, step, "must be at least %" PRId64 " characters long",
                        field->minimum);
    } else if ((int64_t)text->characters > field->maximum) {
        json_report_add(report, step, "must be at most %" PRId64 " characters long",
                        field->maximum);
    } else if (field->format == JSON_FORMAT_EMAIL && !format_is_email(text->text, text->size)) {
        json_report_add(report, step, "must be an e-mail address");
    } else if (field->format == JSON_FORMAT_UUID && !uuid_parse(text->text, text->size, NULL)) {
        json_report_add(report, step, "must be a UUID");
    } else {
        *(const char **)place_of(field, owner) = text->text;
    }
}

static void set_time(const struct json_field *field, const struct set_text *text,
                     struct json_report *report, const struct json_step *step, void *owner)
{
    int64_t time_us;
    if (format_parse_time(text->text, text->size, &time_us)) {
        set_integer(field, time_us, owner);
    } else {
        report_type(field, report, step);
    }
}

static void set_enum(const struct json_field *field, const struct set_text *text,
                     struct json_report *report, const struct json_step *step, void *owner)
{
    for (size_t i = 0; i < field->value_count; i++) {
        if (strcmp(field->values[i], text->text) == 0) {
            *(unsigned *)place_of(field, owner) = (unsigned)i + 1;
            return;
        }
    }
    report_type(field, report, step);
}

void set_text(const struct json_field *field, const struct set_text *text,
              struct json_report *report, const struct json_step *step, void *owner)
{
    if (field->kind == JSON_STRING) {
        set_string(field, text, report, step, owner);
    } else if (field->kind == JSON_TIME) {
        set_time(field, text, report, step, owner);
    } else {
        set_enum(field, text, report, step, owner);
    }
}

static void report_enum(const struct json_field *field, struct json_report *report,
                        const struct json_step *step)
{
    struct buffer texts;
    buffer_init(&texts, report->arena);
    for (size_t i = 0; i < field->value_count; i++) {
        buffer_append_text(&texts, i == 0 ? "" : ", ");
        buffer_append_text(&texts, field->values[i]);
    }
    json_report_add(report, step, "must be one of: %s", texts.data);
}

void report_type(const struct json_field *field, struct json_report *report,
                 const struct json_step *step)
{
    static const char *const messages[] = {
        [JSON_STRING] = N_("must be a string"),
        [JSON_TIME] = N_("must be a date and time such as 2024-01-31T12:00:00Z"),
        [JSON_INTEGER] = N_("must be an integer"),
        [JSON_BOOLEAN] = N_("must be true or false"),
        [JSON_OBJECT] = N_("must be an object"),
        [JSON_ARRAY] = N_("must be an array"),
        [JSON_RAW] = N_("must be an object"),
    };
    if (field->kind == JSON_ENUM) {
        report_enum(field, report, step);
    } else {
        json_report_add(report, step, "%s", json_report_text(report, messages[field->kind]));
    }
}

void report_fault(enum text_fault fault, struct json_report *report, const struct json_step *step)
{
    static const char *const messages[] = {
        [TEXT_FINE] = "",
        [TEXT_NOT_UTF8] = N_("must be valid UTF-8"),
        [TEXT_NUL] = N_("must not contain the character U+0000"),
        [TEXT_SURROGATE] = N_("must not contain a lone surrogate"),
    };
    json_report_add(report, step, "%s", json_report_text(report, messages[fault]));
}

static enum err set_scalar(const struct json_field *field, const struct set_text *text,
                           struct json_report *report, const struct json_step *step, void *ret)
{
    if (field->kind == JSON_INTEGER) {
        struct json_number number;
        if (json_number_parse_decimal(text->text, text->size, &number)) {
            set_number(field, &number, report, step, ret);
        } else {
            report_type(field, report, step);
        }
    } else if (field->kind == JSON_BOOLEAN) {
        bool is_true = strcmp(text->text, "true") == 0;
        if (is_true || strcmp(text->text, "false") == 0) {
            set_boolean(field, is_true, ret);
        } else {
            report_type(field, report, step);
        }
    } else {
        set_text(field, text, report, step, ret);
    }
    return report->count == 0 ? OK : ERR_INVALID_INPUT;
}

enum err json_set_text(const struct json_field *field, const char *text, size_t size,
                       struct arena *arena, struct problem *problem, uint64_t *seen, void *ret)
{
    struct json_report report = {.arena = arena, .problem = problem};
    struct json_step step = {.name = field->name, .name_size = field->name_size};
    if ((*seen & field_bit(field)) != 0) {
        json_report_add(&report, &step, "is repeated");
        return ERR_INVALID_INPUT;
    }
    *seen |= field_bit(field);
    struct set_text value = {.size = size};
    enum text_fault fault = text_measure(text, size, &value.characters);
    if (fault != TEXT_FINE) {
        report_fault(fault, &report, &step);
        return ERR_INVALID_INPUT;
    }
    value.text = arena_copy(arena, text, size);
    return set_scalar(field, &value, &report, &step, ret);
}
