/* Values of messages, from texts and back. */

#include "services/gateway/pages/values.h"

#include <inttypes.h>
#include <string.h>

struct reading {
    struct visit *visit;
    struct arena *arena;
    struct problem *problem;
    uint64_t seen;
    void *value;
};

/* CR LF becomes LF, as HTML has it of what was typed. */
static struct form_pair with_typed_lines(const struct form_pair *pair, struct arena *arena)
{
    if (memchr(pair->value, '\r', pair->value_size) == NULL) {
        return *pair;
    }
    char *text = arena_copy(arena, pair->value, pair->value_size);
    size_t size = 0;
    for (size_t i = 0; i < pair->value_size; i++) {
        if (text[i] != '\r' || text[i + 1] != '\n') {
            text[size++] = text[i];
        }
    }
    text[size] = '\0';
    struct form_pair typed = *pair;
    typed.value = text;
    typed.value_size = size;
    return typed;
}

static bool find(const struct reading *reading, const struct page_input *input,
                 struct form_pair *ret)
{
    const struct visit *visit = reading->visit;
    const struct form_pair *pair = NULL;
    const char *text = NULL;
    switch (input->source) {
    case PAGE_QUERY:
        pair = visit_pair(&visit->query, input->name);
        break;
    case PAGE_FORM:
        pair = visit_pair(&visit->typed, input->name);
        break;
    case PAGE_PATH:
        text = visit_path_value(visit, input->name);
        break;
    case PAGE_LITERAL:
        text = input->name;
        break;
    }
    if (text != NULL) {
        *ret = (struct form_pair){.value = text, .value_size = strlen(text)};
        return true;
    }
    if (pair != NULL) {
        *ret = with_typed_lines(pair, reading->arena);
    }
    return pair != NULL;
}

static void note(struct reading *reading, enum err err)
{
    if (err != OK && reading->problem->err == OK) {
        reading->problem->err = err;
    }
}

static void read_scalar(struct reading *reading, const struct json_field *field,
                        const struct page_input *input)
{
    struct form_pair pair;
    if (!find(reading, input, &pair)) {
        return;
    }
    if (pair.value_size == 0 && input->source == PAGE_QUERY) {
        return;
    }
    note(reading, json_set_text(field, pair.value, pair.value_size, reading->arena,
                                reading->problem, &reading->seen, reading->value));
}

static bool read_id(struct reading *reading, const struct json_object *object,
                    const struct form_pair *pair, void *element)
{
    const struct json_field *id = json_field_find(object, "id", 2);
    struct problem problem = {0};
    uint64_t seen = 0;
    return json_set_text(id, pair->value, pair->value_size, reading->arena, &problem, &seen,
                         element) == OK;
}

/* For people: elements are what they ticked. */
static void check_count(struct reading *reading, const struct json_field *field, int64_t count)
{
    if (count == 0 && field->minimum > 0) {
        problem_add(reading->problem, reading->arena, field->name, "Choose at least one.");
    } else if (count < field->minimum) {
        problem_add(reading->problem, reading->arena, field->name, "Choose at least %" PRId64 ".",
                    field->minimum);
    } else if (count > field->maximum) {
        problem_add(reading->problem, reading->arena, field->name, "Choose at most %" PRId64 ".",
                    field->maximum);
    }
}

/* All values of one name, each the id of an element. */
static void read_ids(struct reading *reading, const struct json_field *field, const char *name)
{
    const struct visit_pairs *typed = &reading->visit->typed;
    const struct json_object *object = field->object;
    char *elements = arena_alloc(reading->arena, (typed->count + 1) * object->size);
    size_t count = 0;
    for (size_t i = 0; i < typed->count; i++) {
        if (strcmp(typed->pairs[i].name, name) != 0) {
            continue;
        }
        if (!read_id(reading, object, &typed->pairs[i], elements + count * object->size)) {
            problem_add(reading->problem, reading->arena, field->name, "must be a list of ids");
            return;
        }
        count++;
    }
    check_count(reading, field, (int64_t)count);
    reading->seen |= UINT64_C(1) << field->index;
    memcpy((char *)reading->value + field->offset, &elements, sizeof(elements));
    memcpy((char *)reading->value + field->count_offset, &count, sizeof(count));
}

enum err values_read(struct visit *visit, const struct contract *contract,
                     const struct page_input *inputs, size_t count, struct problem *problem,
                     const void **ret)
{
    struct reading reading = {
        .visit = visit,
        .arena = visit->request->arena,
        .problem = problem,
        .value = arena_alloc(visit->request->arena, contract->input->size),
    };
    for (size_t i = 0; i < count; i++) {
        const struct json_field *field = &contract->input->fields[inputs[i].field];
        if (field->kind == JSON_ARRAY) {
            read_ids(&reading, field, inputs[i].name);
        } else {
            read_scalar(&reading, field, &inputs[i]);
        }
    }
    TRY(json_complete(contract->input, reading.arena, problem, reading.seen, reading.value));
    *ret = reading.value;
    return problem->err;
}

const char *values_text(const struct page_value *value, const void *owner, struct arena *arena)
{
    const char *place = (const char *)owner + value->offset;
    bool is_present = value->presence_offset == JSON_NO_PRESENCE ||
                      *(const bool *)(const void *)((const char *)owner + value->presence_offset);
    unsigned choice;
    if (!is_present) {
        return NULL;
    }
    switch (value->kind) {
    case JSON_STRING:
        return *(const char *const *)(const void *)place;
    case JSON_INTEGER:
        return arena_printf(arena, "%" PRId64, *(const int64_t *)(const void *)place);
    case JSON_BOOLEAN:
        return *(const bool *)(const void *)place ? "true" : "false";
    case JSON_ENUM:
        choice = *(const unsigned *)(const void *)place;
        return choice == 0 ? NULL : value->values[choice - 1];
    case JSON_TIME:
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_RAW:
        break;
    }
    return NULL;
}
