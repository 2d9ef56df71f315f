/* Problems as application/problem+json (RFC 9457): the part of common/core/problem.h that needs the
 * codec. */

#include "common/core/problem.h"

#include <inttypes.h>
#include <string.h>

#include "common/json/json.h"
#include "common/json/text.h"

/* Text from outside: what is not UTF-8 becomes U+FFFD. */
static void encode_foreign_text(const char *text, struct buffer *buffer)
{
    const char *end = text + strlen(text);
    struct buffer clean;
    buffer_init(&clean, buffer->arena);
    while (text < end) {
        size_t sequence = text_sequence(text, end);
        if (sequence == 0) {
            buffer_append_text(&clean, "\xEF\xBF\xBD");
            text++;
        } else {
            buffer_append(&clean, text, sequence);
            text += sequence;
        }
    }
    json_encode_text(clean.data == NULL ? "" : clean.data, clean.size, buffer);
}

static void encode_member(const char *name, const char *text, struct buffer *buffer)
{
    buffer_append_text(buffer, ",\"");
    buffer_append_text(buffer, name);
    buffer_append_text(buffer, "\":");
    encode_foreign_text(text, buffer);
}

static bool is_first_of_field(const struct problem *problem, const struct field_error *error)
{
    const struct field_error *first = problem->errors;
    while (strcmp(first->field, error->field) != 0) {
        first = first->next;
    }
    return first == error;
}

static void encode_messages(const struct field_error *first, struct buffer *buffer)
{
    encode_foreign_text(first->field, buffer);
    buffer_append_text(buffer, ":[");
    for (const struct field_error *error = first; error != NULL; error = error->next) {
        if (strcmp(error->field, first->field) == 0) {
            buffer_append_text(buffer, error == first ? "" : ",");
            encode_foreign_text(error->message, buffer);
        }
    }
    buffer_append_char(buffer, ']');
}

static void encode_errors(const struct problem *problem, struct buffer *buffer)
{
    buffer_append_text(buffer, ",\"errors\":{");
    for (const struct field_error *error = problem->errors; error != NULL; error = error->next) {
        if (is_first_of_field(problem, error)) {
            buffer_append_text(buffer, error == problem->errors ? "" : ",");
            encode_messages(error, buffer);
        }
    }
    buffer_append_char(buffer, '}');
}

void problem_encode(const struct problem *problem, struct buffer *buffer)
{
    const struct err_info *info = err_info(problem->err);
    buffer_append_text(buffer, "{\"type\":\"urn:postroom:problem:");
    buffer_append_text(buffer, info->code);
    buffer_append_char(buffer, '"');
    encode_member("title", info->title, buffer);
    buffer_printf(buffer, ",\"status\":%d", info->http_status);
    const char *detail = problem->detail;
    detail = detail == NULL ? language_text(problem->language, info->title) : detail;
    encode_member("detail", detail, buffer);
    encode_member("code", info->code, buffer);
    if (problem->err == ERR_INVALID_INPUT) {
        encode_errors(problem, buffer);
    }
    if (problem->retry_after_s > 0) {
        buffer_printf(buffer, ",\"retry_after\":%" PRId64, problem->retry_after_s);
    }
    buffer_append_char(buffer, '}');
}

enum err problem_code_of(const char *body, size_t size)
{
    struct json_slice slice;
    char code[64];
    if (!json_find_member(body, size, "code", &slice) || slice.size < 2 ||
        slice.size - 2 >= sizeof(code) || slice.data[0] != '"') {
        return OK;
    }
    memcpy(code, slice.data + 1, slice.size - 2);
    code[slice.size - 2] = '\0';
    return err_from_code(code);
}
