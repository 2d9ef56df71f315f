/* Messages and their fields as text. */

#include "describe.h"

#include <inttypes.h>

void describe_messages(FILE *stream, enum message_kind kind)
{
    for (size_t i = 0; i < contract_count; i++) {
        if (contracts[i]->kind == kind) {
            (void)fprintf(stream, "  %-38s %s\n", contracts[i]->name, contracts[i]->title);
        }
    }
}

static void print_string(FILE *stream, const struct json_field *field)
{
    static const char *const formats[] = {
        [JSON_FORMAT_NONE] = "text",
        [JSON_FORMAT_EMAIL] = "e-mail address",
        [JSON_FORMAT_UUID] = "UUID",
    };
    (void)fputs(formats[field->format], stream);
    if (field->format == JSON_FORMAT_NONE && field->maximum < INT64_MAX) {
        (void)fprintf(stream, " of %" PRId64 " to %" PRId64 " characters", field->minimum,
                      field->maximum);
    }
    if ((field->flags & JSON_NOT_BLANK) != 0) {
        (void)fputs(", not blank", stream);
    }
}

static void print_values(FILE *stream, const struct json_field *field)
{
    for (size_t i = 0; i < field->value_count; i++) {
        (void)fprintf(stream, "%s%s", i == 0 ? "" : " | ", field->values[i]);
    }
}

static void print_type(FILE *stream, const struct json_field *field)
{
    switch (field->kind) {
    case JSON_STRING:
        print_string(stream, field);
        return;
    case JSON_TIME:
        (void)fputs("time", stream);
        return;
    case JSON_INTEGER:
        (void)fprintf(stream, "integer from %" PRId64 " to %" PRId64, field->minimum,
                      field->maximum);
        return;
    case JSON_BOOLEAN:
        (void)fputs("true | false", stream);
        return;
    case JSON_ENUM:
        print_values(stream, field);
        return;
    case JSON_OBJECT:
        (void)fputs("object", stream);
        return;
    case JSON_ARRAY:
        (void)fputs("array", stream);
        return;
    case JSON_RAW: /* of results only */
        return;
    }
}

static void print_default(FILE *stream, const struct json_field *field)
{
    if ((field->flags & JSON_HAS_DEFAULT) == 0) {
        return;
    }
    (void)fputs(", default ", stream);
    if (field->default_text != NULL) {
        (void)fputs(field->default_text, stream);
        return;
    }
    if (field->kind == JSON_BOOLEAN) {
        (void)fputs(field->default_integer != 0 ? "true" : "false", stream);
        return;
    }
    if (field->kind == JSON_ENUM) {
        (void)fputs(field->values[field->default_integer - 1], stream);
        return;
    }
    (void)fprintf(stream, "%" PRId64, field->default_integer);
}

static void print_field(FILE *stream, const struct json_field *field)
{
    (void)fprintf(stream, "  %-14s ", field->name);
    print_type(stream, field);
    (void)fputs((field->flags & JSON_REQUIRED) != 0 ? "; required" : "; optional", stream);
    print_default(stream, field);
    if ((field->flags & JSON_SECRET) != 0) {
        (void)fputs("; secret: better =- or =@FILE", stream);
    }
    (void)fputc('\n', stream);
}

static void print_result(FILE *stream, const struct json_object *result)
{
    (void)fputs("result: {", stream);
    for (size_t i = 0; i < result->field_count; i++) {
        (void)fprintf(stream, "%s\"%s\"", i == 0 ? "" : ", ", result->fields[i].name);
    }
    (void)fputs("}\nfails with: ", stream);
}

void describe_message(FILE *stream, const struct contract *contract)
{
    static const char *const callers[] = {
        [CALLER_ANYBODY] = "",
        [CALLER_USER] = " (for a user: --as EMAIL)",
        [CALLER_STAFF] = " (for a member of the staff: --as EMAIL)",
    };
    (void)fprintf(stream, "%s: %s%s\n\n", contract->name, contract->title,
                  callers[contract->caller]);
    if (contract->input->field_count == 0) {
        (void)fputs("no fields\n", stream);
    }
    for (size_t i = 0; i < contract->input->field_count; i++) {
        print_field(stream, &contract->input->fields[i]);
    }
    (void)fputc('\n', stream);
    print_result(stream, contract->result);
    for (size_t i = 0; i < contract->error_count; i++) {
        (void)fprintf(stream, "%s, ", err_info(contract->errors[i])->code);
    }
    (void)fputs("invalid_input, unavailable, internal\n", stream);
}
