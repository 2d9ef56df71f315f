/* Input of a message, from wherever its binding says. */

#include "services/gateway/api/input.h"

#include <string.h>

#include "common/http/form.h"
#include "common/http/media_type.h"
#include "services/gateway/request.h"

enum { UNKNOWN_FIELDS_MAX = 10, SHOWN_NAME_MAX = 64 };

/* The input as it is being read. */
struct reading {
    struct request *request;
    void *value;
    uint64_t seen;
    unsigned unknown_count;
};

enum err input_check_body(struct request *request)
{
    size_t size = request->http.body_size;
    const char *type = http_request_header(&request->http, "Content-Type");
    if (size == 0) {
        return OK;
    }
    enum media_type media = media_type_parse(type);
    if (media != MEDIA_JSON && media != MEDIA_FORM) {
        return request_fail(
            request, ERR_UNSUPPORTED_MEDIA_TYPE,
            "A body is application/json or application/x-www-form-urlencoded, in UTF-8.");
    }
    if (size > REQUEST_BODY_MAX) {
        return request_fail(request, ERR_PAYLOAD_TOO_LARGE, "A body has at most %d bytes.",
                            REQUEST_BODY_MAX);
    }
    return OK;
}

/* A name from outside is shown only when it can do no harm. */
static bool is_showable(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (name[i] <= ' ' || name[i] > '~') {
            return false;
        }
    }
    return size > 0 && size <= SHOWN_NAME_MAX;
}

static void refuse_unknown(struct reading *reading, const struct form_pair *pair)
{
    if (reading->unknown_count++ >= UNKNOWN_FIELDS_MAX) {
        return;
    }
    bool is_shown = is_showable(pair->name, pair->name_size);
    problem_add(&reading->request->problem, reading->request->arena, is_shown ? pair->name : "body",
                "is not a known field");
}

/* Errors are gathered in the problem; what fails is looked at once, at the end. */
static void set_text(struct reading *reading, const struct json_field *field, const char *text,
                     size_t size)
{
    struct request *request = reading->request;
    enum err err = json_set_text(field, text, size, request->arena, &request->problem,
                                 &reading->seen, reading->value);
    if (err != OK && request->problem.err == OK) {
        request->problem.err = err;
    }
}

/* `fields` may be NULL: none is known. */
static void read_pairs(struct reading *reading, const struct json_object *fields, const char *data,
                       size_t size)
{
    struct form_reader pairs;
    struct form_pair pair;
    enum form_step step;
    form_reader_init(&pairs, data, size, reading->request->arena);
    while ((step = form_next(&pairs, &pair)) == FORM_PAIR) {
        const struct json_field *field =
            fields == NULL ? NULL : json_field_find(fields, pair.name, pair.name_size);
        if (field == NULL) {
            refuse_unknown(reading, &pair);
            continue;
        }
        set_text(reading, field, pair.value, pair.value_size);
    }
    if (step == FORM_BROKEN) {
        problem_add(&reading->request->problem, reading->request->arena, "body",
                    "must have two hexadecimal digits after each %%");
    }
}

static void read_path(struct reading *reading)
{
    const struct request *request = reading->request;
    for (size_t i = 0; i < request->path_values.count; i++) {
        const struct path_value *value = &request->path_values.values[i];
        const struct json_field *field =
            json_field_find(request->binding->path_fields, value->name, value->name_size);
        set_text(reading, field, value->segment.text, value->segment.size);
    }
}

static void read_body(struct reading *reading)
{
    static const struct json_object no_fields = {.name = "body"};
    struct request *request = reading->request;
    const struct http_request *http = &request->http;
    const struct json_object *fields = request->binding->body_fields;
    if (http->body_size == 0) {
        return;
    }
    if (media_type_parse(http_request_header(http, "Content-Type")) == MEDIA_FORM) {
        read_pairs(reading, fields, http->body, http->body_size);
        return;
    }
    enum err err =
        json_decode_part(fields == NULL ? &no_fields : fields, http->body, http->body_size,
                         request->arena, &request->problem, &reading->seen, reading->value);
    if (err != OK && request->problem.err == OK) {
        request->problem.err = err;
    }
}

/* Of a body that could not be read nobody knows what it lacks. */
static bool is_unreadable(const struct problem *problem)
{
    for (const struct field_error *error = problem->errors; error != NULL; error = error->next) {
        if (strcmp(error->field, "body") == 0) {
            return true;
        }
    }
    return false;
}

static enum err complete(struct reading *reading, const struct json_object *object)
{
    struct request *request = reading->request;
    TRY(json_complete(object, request->arena, &request->problem, reading->seen, reading->value));
    return request->problem.err;
}

enum err input_read(struct request *request, const void **ret)
{
    const struct json_object *object = request->binding->contract->input;
    struct reading reading = {
        .request = request,
        .value = arena_alloc(request->arena, object->size),
    };
    read_path(&reading);
    if (request->problem.err != OK) {
        request->problem = (struct problem){.language = request->language};
        return request_fail(request, ERR_NOT_FOUND, "There is no such path.");
    }
    if (request->http.query != NULL) {
        read_pairs(&reading, request->binding->query_fields, request->http.query,
                   strlen(request->http.query));
    }
    read_body(&reading);
    if (is_unreadable(&request->problem)) {
        return ERR_INVALID_INPUT;
    }
    TRY(complete(&reading, object));
    *ret = reading.value;
    return OK;
}
