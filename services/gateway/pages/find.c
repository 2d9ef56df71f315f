/* Routes of pages. */

#include "services/gateway/pages/find.h"

#include <string.h>

#include "common/http/characters.h"

static const struct json_field *field_of(const struct page *page, const struct path_value *value)
{
    for (size_t i = 0; i < page->path_field_count; i++) {
        const struct page_path_field *field = &page->path_fields[i];
        if (strlen(field->name) == value->name_size &&
            memcmp(field->name, value->name, value->name_size) == 0) {
            return field->contract == NULL ? NULL : &field->contract->input->fields[field->field];
        }
    }
    return NULL;
}

/* Decimal, without sign and leading zeros. */
static bool is_plain_decimal(const struct path_segment *segment)
{
    for (size_t i = 0; i < segment->size; i++) {
        if (!is_http_digit(segment->text[i])) {
            return false;
        }
    }
    return segment->text[0] != '0' || segment->size == 1;
}

/* A segment that cannot be the value of its field makes another path. */
static bool are_values_possible(const struct page *page, const struct path_values *values,
                                struct arena *arena)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct path_value *value = &values->values[i];
        const struct json_field *field = field_of(page, value);
        struct json_field alone;
        struct problem problem = {0};
        uint64_t seen = 0;
        int64_t place[2]; /* room for any single value and whether it is there */
        if (field == NULL) {
            continue;
        }
        alone = *field;
        alone.offset = 0;
        alone.presence_offset = JSON_NO_PRESENCE;
        if ((field->kind == JSON_INTEGER && !is_plain_decimal(&value->segment)) ||
            json_set_text(&alone, value->segment.text, value->segment.size, arena, &problem, &seen,
                          place) != OK) {
            return false;
        }
    }
    return true;
}

static const struct page *find(const char *text, struct arena *arena, struct path_values *values)
{
    struct path path;
    if (!path_split(text, arena, &path)) {
        return NULL;
    }
    for (size_t i = 0; i < page_count; i++) {
        if (path_matches(&path, pages[i].path, values) &&
            are_values_possible(&pages[i], values, arena)) {
            return &pages[i];
        }
    }
    return NULL;
}

static enum err check_method(struct visit *visit)
{
    struct request *request = visit->request;
    bool has_get = visit->page->render != NULL;
    bool has_post = visit->page->form_count > 0;
    if ((has_get && request_is_safe(request)) || (has_post && request_is(request, "POST"))) {
        return OK;
    }
    const char *methods = has_get && has_post ? "GET, HEAD, POST" : has_get ? "GET, HEAD" : "POST";
    http_response_add(&request->response, "Allow", methods);
    return ERR_METHOD_NOT_ALLOWED;
}

enum err find_page(struct visit *visit)
{
    struct request *request = visit->request;
    visit->page = find(request->http.path, request->arena, &request->path_values);
    if (visit->page == NULL) {
        return ERR_NOT_FOUND;
    }
    request->route = visit->page->path;
    return check_method(visit);
}

const char *find_with_slash(struct visit *visit)
{
    struct request *request = visit->request;
    const char *path = request->http.path;
    size_t size = strlen(path);
    struct path_values values;
    if (!request_is_safe(request) || size == 0 || path[size - 1] == '/' || path[1] == '/') {
        return NULL;
    }
    const char *longer = arena_printf(request->arena, "%s/", path);
    const struct page *page = find(longer, request->arena, &values);
    if (page == NULL || page->render == NULL) {
        return NULL;
    }
    request->route = page->path;
    const char *query = request->http.query;
    return query == NULL ? longer : arena_printf(request->arena, "%s?%s", longer, query);
}
