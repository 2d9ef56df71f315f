/* Variables of templates. */

#include "services/gateway/pages/fill.h"

#include <string.h>

#include "services/gateway/pages/local_path.h"
#include "services/gateway/pages/notice.h"
#include "services/gateway/pages/values.h"

static void *place(struct visit *visit, size_t offset)
{
    return (char *)visit->variables + offset;
}

static void fill_languages(struct visit *visit, struct page_variables *variables)
{
    struct language_choice *choices =
        arena_alloc(visit->request->arena, LANGUAGE_COUNT * sizeof(*choices));
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        enum language language = (enum language)i;
        choices[i] = (struct language_choice){.tag = language_tag(language),
                                              .name = language_name(language),
                                              .is_current = language == visit->request->language};
    }
    variables->languages = choices;
    variables->languages_count = LANGUAGE_COUNT;
}

/* Where the forms in the layout come back to. */
static const char *page_url(const struct visit *visit)
{
    const struct http_request *http = &visit->request->http;
    bool is_shown = visit->page != NULL && visit->page->render != NULL;
    if (!is_shown || !local_path_is(http->path)) {
        return "/";
    }
    const char *url = http->query == NULL
                          ? http->path
                          : arena_printf(visit->request->arena, "%s?%s", http->path, http->query);
    return local_path_is(url) ? url : http->path;
}

static void fill_common(struct visit *visit, size_t size)
{
    struct request *request = visit->request;
    struct page_variables *variables = arena_alloc(request->arena, size);
    char *once = arena_alloc(request->arena, UUID_TEXT_SIZE);
    uuid_new(once);
    visit->variables = variables;
    variables->user = visit->user;
    variables->is_visitor = visit->is_visitor;
    variables->csrf = visit->csrf;
    variables->once = once;
    variables->notice = notice_read(request);
    variables->path = request->http.path;
    variables->page_url = page_url(visit);
    variables->next = visit->next;
    variables->language = language_tag(request->language);
    fill_languages(visit, variables);
}

void fill_problem(struct visit *visit, const struct problem_view *view)
{
    fill_common(visit, problem_page.size);
    visit->variables->problem = view;
}

static enum err fill_asks(struct visit *visit)
{
    for (size_t i = 0; i < visit->ask_count; i++) {
        const struct visit_ask *ask = &visit->asks[i];
        if (ask->ask != NULL) {
            memcpy(place(visit, ask->ask->offset), ask->result, ask->call.contract->result->size);
        }
    }
    for (size_t i = 0; i < visit->page->ask_count; i++) {
        const struct page_ask *ask = &visit->page->asks[i];
        if (ask->contract == NULL) {
            TRY(ask->local(visit->request, place(visit, ask->offset)));
        }
    }
    return OK;
}

static void fill_queries(struct visit *visit)
{
    for (size_t i = 0; i < visit->page->query_count; i++) {
        const struct page_query *query = &visit->page->queries[i];
        const struct form_pair *pair = visit_pair(&visit->query, query->name);
        *(const char **)place(visit, query->offset) = pair == NULL ? NULL : pair->value;
    }
}

static const char *form_name_of(const struct page_form *form, const char *contract_name)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct page_field *field = &form->fields[i];
        const char *name =
            form->contract == NULL ? field->name : form->contract->input->fields[field->field].name;
        if (strcmp(name, contract_name) == 0) {
            return field->name;
        }
    }
    return NULL;
}

static bool is_about(const struct page_form *form, const struct field_error *error,
                     const char *name)
{
    const char *of_form = form_name_of(form, error->field);
    return name == NULL ? of_form == NULL : of_form != NULL && strcmp(of_form, name) == 0;
}

/* The messages of one field; NULL: those that belong to no field of the form. */
static size_t gather(struct visit *visit, const struct page_form *form, const char *name,
                     const char *const **ret)
{
    const struct field_error *error;
    size_t count = 0;
    size_t capacity = 1;
    for (error = visit->form_problem.errors; error != NULL; error = error->next) {
        capacity++;
    }
    const char **texts = arena_alloc(visit->request->arena, capacity * sizeof(*texts));
    for (error = visit->form_problem.errors; error != NULL; error = error->next) {
        if (is_about(form, error, name)) {
            texts[count++] = error->message;
        }
    }
    *ret = texts;
    return count;
}

static const char *value_of(struct visit *visit, const struct page_form *form,
                            const struct page_field *field)
{
    const struct form_pair *pair = visit_pair(&visit->typed, field->name);
    bool is_secret = form->contract != NULL &&
                     (form->contract->input->fields[field->field].flags & JSON_SECRET) != 0;
    if (is_secret) {
        return NULL;
    }
    if (visit->form == form) {
        return pair == NULL ? NULL : pair->value;
    }
    return field->has_initial
               ? values_text(&field->initial, visit->variables, visit->request->arena)
               : NULL;
}

/* What was chosen of a list. */
static size_t gather_values(struct visit *visit, const char *name, const char *const **ret)
{
    const struct visit_pairs *typed = &visit->typed;
    const char **values = arena_alloc(visit->request->arena, (typed->count + 1) * sizeof(*values));
    size_t count = 0;
    for (size_t i = 0; i < typed->count; i++) {
        if (strcmp(typed->pairs[i].name, name) == 0) {
            values[count++] = typed->pairs[i].value;
        }
    }
    *ret = values;
    return count;
}

static void fill_field(struct visit *visit, const struct page_form *form,
                       const struct page_field *field)
{
    struct form_field *view = place(visit, field->offset);
    view->name = field->name;
    view->value = value_of(visit, form, field);
    if (form->contract != NULL) {
        const struct json_field *known = &form->contract->input->fields[field->field];
        view->is_required = (known->flags & JSON_REQUIRED) != 0;
        if (visit->form == form && known->kind == JSON_ARRAY) {
            view->values_count = gather_values(visit, field->name, &view->values);
        }
    }
    if (visit->form == form) {
        view->errors_count = gather(visit, form, field->name, &view->errors);
    }
}

static void fill_form(struct visit *visit, const struct page_form *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        fill_field(visit, form, &form->fields[i]);
    }
    if (visit->form == form) {
        const char *const **errors = place(visit, form->errors_offset);
        size_t *count = place(visit, form->errors_count_offset);
        *count = gather(visit, form, NULL, errors);
        if (form->has_unfinished) {
            *(const void **)place(visit, form->result_offset) = visit->form_result;
        }
    }
}

enum err fill_page(struct visit *visit)
{
    fill_common(visit, visit->page->size);
    TRY(fill_asks(visit));
    fill_queries(visit);
    for (size_t i = 0; i < visit->page->form_count; i++) {
        fill_form(visit, &visit->page->forms[i]);
    }
    return OK;
}
