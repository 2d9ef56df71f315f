/* Defaults, required fields, the least number of fields. */

#include "common/json/complete.h"

#include <string.h>

#include "common/core/buffer.h"
#include "common/json/set.h"

static void set_default(const struct json_field *field, void *owner)
{
    void *place = (char *)owner + field->offset;
    if (field->kind == JSON_STRING) {
        *(const char **)place = field->default_text;
    } else if (field->kind == JSON_ENUM) {
        *(unsigned *)place = (unsigned)field->default_integer;
    } else if (field->kind == JSON_BOOLEAN) {
        *(bool *)place = field->default_integer != 0;
    } else {
        *(int64_t *)place = field->default_integer;
    }
    set_presence(field, owner);
}

static void report_too_few(const struct json_object *object, struct json_report *report,
                           const struct json_step *step)
{
    struct buffer names;
    buffer_init(&names, report->arena);
    size_t required = 0;
    for (size_t i = 0; i < object->field_count; i++) {
        if ((object->fields[i].flags & JSON_REQUIRED) != 0) {
            required++;
            continue;
        }
        buffer_append_text(&names, names.size == 0 ? "" : ", ");
        buffer_append_text(&names, object->fields[i].name);
    }
    size_t missing = object->minimum_properties - required;
    if (missing == 1) {
        json_report_add(report, step, "must have at least one of: %s", names.data);
    } else {
        json_report_add(report, step, "must have at least %zu of: %s", missing, names.data);
    }
}

void complete_object(const struct json_object *object, struct json_report *report,
                     const struct json_step *step, uint64_t seen, void *ret)
{
    bool is_short_of_required = false;
    for (size_t i = 0; i < object->field_count; i++) {
        const struct json_field *field = &object->fields[i];
        if ((seen & field_bit(field)) != 0) {
            continue;
        }
        if ((field->flags & JSON_REQUIRED) != 0) {
            struct json_step here = {
                .parent = step, .name = field->name, .name_size = field->name_size};
            json_report_add(report, &here, "is required");
            is_short_of_required = true;
        } else if ((field->flags & JSON_HAS_DEFAULT) != 0) {
            set_default(field, ret);
        }
    }
    size_t count = (size_t)__builtin_popcountll(seen);
    if (count < object->minimum_properties && !is_short_of_required) {
        report_too_few(object, report, step);
    }
}

enum err json_complete(const struct json_object *object, struct arena *arena,
                       struct problem *problem, uint64_t seen, void *ret)
{
    struct json_report report = {.arena = arena, .problem = problem};
    complete_object(object, &report, NULL, seen, ret);
    return report.count == 0 ? OK : ERR_INVALID_INPUT;
}
