/* Visits. */

#include "services/gateway/pages/visit.h"

#include <string.h>

#include "common/http/percent.h"
#include "services/gateway/pages/local_path.h"

#define LOGIN_PATH "/login/"

struct visit *visit_new(struct request *request)
{
    struct visit *visit = arena_alloc(request->arena, sizeof(*visit));
    visit->request = request;
    request->visit = visit;
    return visit;
}

struct visit *visit_of(const struct request *request)
{
    return request->visit;
}

const struct form_pair *visit_pair(const struct visit_pairs *pairs, const char *name)
{
    for (size_t i = pairs->count; i > 0; i--) {
        if (strcmp(pairs->pairs[i - 1].name, name) == 0) {
            return &pairs->pairs[i - 1];
        }
    }
    return NULL;
}

enum err visit_read_pairs(struct visit *visit, const char *data, size_t size,
                          struct visit_pairs *ret)
{
    struct arena *arena = visit->request->arena;
    struct form_reader reader;
    struct form_pair pair;
    struct form_pair *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    enum form_step step;
    form_reader_init(&reader, data, size, arena);
    while ((step = form_next(&reader, &pair)) == FORM_PAIR && count < VISIT_PAIRS_MAX) {
        if (count == capacity) {
            size_t larger = capacity == 0 ? 16 : 2 * capacity;
            pairs = arena_grow(arena, pairs, capacity * sizeof(pair), larger * sizeof(pair));
            capacity = larger;
        }
        pairs[count++] = pair;
    }
    *ret = (struct visit_pairs){.pairs = pairs, .count = count};
    return step == FORM_END ? OK : ERR_INVALID_INPUT;
}

const char *visit_path_value(const struct visit *visit, const char *name)
{
    const struct path_values *values = &visit->request->path_values;
    size_t size = strlen(name);
    for (size_t i = 0; i < values->count; i++) {
        const struct path_value *value = &values->values[i];
        if (value->name_size == size && memcmp(value->name, name, size) == 0) {
            return value->segment.text;
        }
    }
    return "";
}

const char *visit_login_url(struct visit *visit)
{
    const struct http_request *http = &visit->request->http;
    struct buffer url;
    buffer_init(&url, visit->request->arena);
    buffer_append_text(&url, LOGIN_PATH);
    const char *here = http->query == NULL
                           ? http->path
                           : arena_printf(url.arena, "%s?%s", http->path, http->query);
    if (visit->page != NULL && visit->page->render != NULL && local_path_is(here)) {
        buffer_append_text(&url, "?next=");
        percent_encode(here, strlen(here), &url);
    }
    /* a way that is too long to come back by is no reason not to go there */
    return local_path_is(url.data) ? url.data : LOGIN_PATH;
}
