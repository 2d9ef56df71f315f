/* Routes of pages. */

#include "services/gateway/pages/find.h"

#include <string.h>

#include "common/http/characters.h"
#include "services/gateway/api/signature.h"

static const struct page_path_field *field_of(const struct page *page,
                                              const struct path_value *value)
{
    for (size_t i = 0; i < page->path_field_count; i++) {
        const struct page_path_field *field = &page->path_fields[i];
        if (strlen(field->name) == value->name_size &&
            memcmp(field->name, value->name, value->name_size) == 0) {
            return field->contract == NULL ? NULL : field;
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

/* Ids of commands carry a MAC, as over the API (signature.h). */
static bool is_signed(const struct gateway *gateway, const struct page_path_field *known)
{
    const struct http_binding *binding = gateway->state_binding;
    return binding != NULL && known->contract == binding->contract &&
           strcmp(known->contract->input->fields[known->field].name, binding->signed_field) == 0;
}

static bool take_signature_off(const struct gateway *gateway, struct path_segment *segment,
                               struct arena *arena)
{
    if (!signature_is_right(gateway, segment->text, segment->size)) {
        return false;
    }
    segment->text = arena_copy(arena, segment->text, UUID_LENGTH);
    segment->size = UUID_LENGTH;
    return true;
}

static bool is_possible(const struct json_field *field, const struct path_segment *segment,
                        struct arena *arena)
{
    struct json_field alone = *field;
    struct problem problem = {0};
    uint64_t seen = 0;
    int64_t place[2]; /* room for any single value and whether it is there */
    alone.offset = 0;
    alone.presence_offset = JSON_NO_PRESENCE;
    return (field->kind != JSON_INTEGER || is_plain_decimal(segment)) &&
           json_set_text(&alone, segment->text, segment->size, arena, &problem, &seen, place) == OK;
}

/* A segment that cannot be the value of its field makes another path. */
static bool are_values_possible(const struct gateway *gateway, const struct page *page,
                                struct path_values *values, struct arena *arena)
{
    for (size_t i = 0; i < values->count; i++) {
        struct path_segment *segment = &values->values[i].segment;
        const struct page_path_field *known = field_of(page, &values->values[i]);
        if (known == NULL) {
            continue;
        }
        if ((is_signed(gateway, known) && !take_signature_off(gateway, segment, arena)) ||
            !is_possible(&known->contract->input->fields[known->field], segment, arena)) {
            return false;
        }
    }
    return true;
}

static const struct page *find(const struct request *request, const char *text,
                               struct path_values *values)
{
    struct arena *arena = request->arena;
    struct path path;
    if (!path_split(text, arena, &path)) {
        return NULL;
    }
    for (size_t i = 0; i < page_count; i++) {
        if (path_matches(&path, pages[i].path, values) &&
            are_values_possible(request->gateway, &pages[i], values, arena)) {
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
    visit->page = find(request, request->http.path, &request->path_values);
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
    const struct page *page = find(request, longer, &values);
    if (page == NULL || page->render == NULL) {
        return NULL;
    }
    request->route = page->path;
    const char *query = request->http.query;
    return query == NULL ? longer : arena_printf(request->arena, "%s?%s", longer, query);
}
