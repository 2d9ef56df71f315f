/*
 * The codec with any bytes: the first picks the shape, the rest is the text. What was decoded and
 * encoded is decoded again and must give the same bytes.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/contract/contract.h"
#include "common/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static const struct json_object *pick_object(uint8_t choice)
{
    const struct contract *contract = contracts[choice / 2 % contract_count];
    return choice % 2 == 1 && contract->result != NULL ? contract->result : contract->input;
}

static void check_problem(const struct problem *problem, struct arena *arena)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    problem_encode(problem, &buffer);
    expect(json_check(buffer.data, buffer.size, arena, NULL) == OK);
    expect(problem_code_of(buffer.data, buffer.size) == problem->err);
}

static void decode_twice(const struct json_object *object, const char *text, size_t size,
                         struct arena *arena)
{
    struct problem problem = {.err = OK};
    void *first = arena_alloc(arena, object->size);
    if (json_decode(object, text, size, arena, &problem, first) != OK) {
        expect(problem.err == ERR_INVALID_INPUT && problem.errors != NULL);
        check_problem(&problem, arena);
        return;
    }
    expect(problem.err == OK);
    expect(json_check(text, size, arena, NULL) == OK);
    struct buffer once;
    buffer_init(&once, arena);
    json_encode(object, first, &once);

    void *second = arena_alloc(arena, object->size);
    expect(json_decode(object, once.data, once.size, arena, &problem, second) == OK);
    struct buffer twice;
    buffer_init(&twice, arena);
    json_encode(object, second, &twice);
    expect(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
}

static void redact(const struct json_object *object, const char *text, size_t size,
                   struct arena *arena)
{
    struct buffer redacted;
    buffer_init(&redacted, arena);
    json_redact(object, text, size, arena, &redacted);
    expect(json_check(redacted.data, redacted.size, arena, NULL) == OK);
}

static void set_each_field(const struct json_object *object, const char *text, size_t size,
                           struct arena *arena)
{
    struct problem problem = {.err = OK};
    uint64_t seen = 0;
    void *value = arena_alloc(arena, object->size);
    for (size_t i = 0; i < object->field_count; i++) {
        const struct json_field *field = &object->fields[i];
        if (field->kind != JSON_OBJECT && field->kind != JSON_ARRAY) {
            (void)!json_set_text(field, text, size, arena, &problem, &seen, value);
        }
    }
    (void)!json_complete(object, arena, &problem, seen, value);
}

static void find_members(const struct json_object *object, const char *text, size_t size)
{
    for (size_t i = 0; i < object->field_count; i++) {
        struct json_slice slice;
        if (json_find_member(text, size, object->fields[i].name, &slice)) {
            expect(slice.data >= text && slice.data + slice.size <= text + size);
        }
    }
    (void)problem_code_of(text, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const struct json_object *object = pick_object(data[0]);
    const char *text = (const char *)data + 1;
    size--;
    struct arena *arena = arena_new();
    decode_twice(object, text, size, arena);
    redact(object, text, size, arena);
    set_each_field(object, text, size, arena);
    find_members(object, text, size);
    arena_free(arena);
    return 0;
}
