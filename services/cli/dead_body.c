/* Bodies of dead letters, made whole again or edited. */

#include "dead_body.h"

#include <string.h>

#include "input.h"
#include "verb.h"

static bool is_secret(const struct json_field *field)
{
    return (field->flags & JSON_SECRET) != 0;
}

static uint64_t bit_of(const struct json_field *field)
{
    return UINT64_C(1) << field->index;
}

static bool has_member(const char *body, const struct json_field *field, struct json_slice *ret)
{
    return json_find_member(body, strlen(body), field->name, ret);
}

/* Was it there, or would it have to be? */
static bool is_expected(const struct dead_letter *letter, const struct json_field *field)
{
    struct json_slice value;
    return (field->flags & JSON_REQUIRED) != 0 || has_member(letter->body, field, &value);
}

const struct contract *dead_body_contract(const struct dead_letter *letter)
{
    const struct contract *contract = contract_find(letter->message, strlen(letter->message));
    if (contract != NULL && contract->kind == MESSAGE_COMMAND) {
        return contract;
    }
    (void)cli_fail(EXIT_PROBLEM, "dead letter %lld: '%s' is no command of ours: drop it",
                   (long long)letter->id, letter->message);
    return NULL;
}

/* The first that is wrong, secrets apart: what stands for them need not fit their limits. */
static const struct field_error *first_error(const struct problem *problem,
                                             const struct json_object *object)
{
    const struct field_error *error = problem->errors;
    for (; error != NULL; error = error->next) {
        const struct json_field *field =
            json_field_find(object, error->field, strlen(error->field));
        if (field == NULL || !is_secret(field)) {
            return error;
        }
    }
    return NULL;
}

static void set_secret(struct input *input, const struct json_field *field, const char *text)
{
    *(const char **)((char *)input->value + field->offset) = text; /* secrets are strings */
}

/* Secrets as if they had never been read. */
static void forget_secrets(struct input *input)
{
    const struct json_object *object = input->contract->input;
    for (size_t i = 0; i < object->field_count; i++) {
        const struct json_field *field = &object->fields[i];
        if (is_secret(field)) {
            input->seen &= ~bit_of(field);
            set_secret(input, field, NULL);
        }
    }
}

/* Read the letter's body but for its secrets. */
static int read_kept(const struct dead_letter *letter, struct input *input)
{
    const struct json_object *object = input->contract->input;
    if (letter->body[0] != '{') {
        return cli_fail(EXIT_PROBLEM,
                        "dead letter %lld: its body could not be read: edit or drop it",
                        (long long)letter->id);
    }
    struct problem problem = {0};
    enum err err = json_decode_part(object, letter->body, strlen(letter->body), input->arena,
                                    &problem, &input->seen, input->value);
    const struct field_error *error = err == OK ? NULL : first_error(&problem, object);
    if (error != NULL) {
        return cli_fail(EXIT_PROBLEM, "dead letter %lld: %s %s: edit or drop it",
                        (long long)letter->id, error->field, error->message);
    }
    forget_secrets(input);
    return EXIT_DONE;
}

static bool is_given(const struct contract *contract, const struct json_field *field,
                     char *const *assignments, int count)
{
    for (int i = 0; i < count; i++) {
        if (input_field(contract, assignments[i]) == field) {
            return true;
        }
    }
    return false;
}

/* All secrets that are not given, in one line. */
static int refuse_missing(const struct dead_letter *letter, const struct contract *contract,
                          char *const *assignments, int count, struct arena *arena)
{
    struct buffer missing;
    buffer_init(&missing, arena);
    for (size_t i = 0; i < contract->input->field_count; i++) {
        const struct json_field *field = &contract->input->fields[i];
        if (is_secret(field) && is_expected(letter, field) &&
            !is_given(contract, field, assignments, count)) {
            buffer_printf(&missing, " %s=…", field->name);
        }
    }
    if (missing.size == 0) {
        return EXIT_DONE;
    }
    return cli_fail(EXIT_PROBLEM,
                    "dead letter %lld: secrets are not kept: give them again, to this letter alone:"
                    "%s",
                    (long long)letter->id, missing.data);
}

static int refuse_others(const struct contract *contract, char *const *assignments, int count)
{
    for (int i = 0; i < count; i++) {
        const struct json_field *field = input_field(contract, assignments[i]);
        if (field != NULL && !is_secret(field)) {
            return cli_fail(EXIT_USAGE, "%s is not secret: it is changed by postroom dead edit",
                            field->name);
        }
    }
    return EXIT_DONE;
}

int dead_body_fill(const struct dead_letter *letter, const struct contract *contract,
                   char *const *assignments, int count, struct buffer *ret)
{
    struct input input;
    input_begin(&input, contract, ret->arena);
    int status = refuse_others(contract, assignments, count);
    if (status == EXIT_DONE) {
        status = read_kept(letter, &input);
    }
    if (status == EXIT_DONE) {
        status = refuse_missing(letter, contract, assignments, count, ret->arena);
    }
    if (status == EXIT_DONE) {
        status = input_set_all(&input, assignments, count);
    }
    return status == EXIT_DONE ? input_finish(&input, ret) : status;
}

/* Check and encode what is to be kept: DEAD_LETTER_REMOVED stands for each secret that was there or
 * has to be. */
static int finish_kept(const struct dead_letter *letter, struct input *input, struct buffer *ret)
{
    const struct json_object *object = input->contract->input;
    for (size_t i = 0; i < object->field_count; i++) {
        const struct json_field *field = &object->fields[i];
        if (is_secret(field) && is_expected(letter, field)) {
            input->seen |= bit_of(field);
            set_secret(input, field, DEAD_LETTER_REMOVED);
        }
    }
    return input_finish(input, ret);
}

static int refuse_secret(const struct json_field *field)
{
    return cli_fail(EXIT_USAGE, "%s is secret: give it to retry", field->name);
}

/* What stays of the body: its known fields but for secrets and those that are assigned. */
static void pick_kept(const struct dead_letter *letter, const struct contract *contract,
                      char *const *assignments, int count, struct buffer *ret)
{
    buffer_append_char(ret, '{');
    for (size_t i = 0; i < contract->input->field_count; i++) {
        const struct json_field *field = &contract->input->fields[i];
        struct json_slice value;
        if (is_secret(field) || is_given(contract, field, assignments, count) ||
            !has_member(letter->body, field, &value)) {
            continue;
        }
        buffer_printf(ret, "%s\"%s\":", ret->size > 1 ? "," : "", field->name);
        buffer_append(ret, value.data, value.size);
    }
    buffer_append_char(ret, '}');
}

int dead_body_assign(const struct dead_letter *letter, const struct contract *contract,
                     char *const *assignments, int count, struct buffer *ret)
{
    for (int i = 0; i < count; i++) {
        const struct json_field *field = input_field(contract, assignments[i]);
        if (field != NULL && is_secret(field)) {
            return refuse_secret(field);
        }
    }
    struct input input;
    input_begin(&input, contract, ret->arena);
    struct buffer kept;
    buffer_init(&kept, ret->arena);
    pick_kept(letter, contract, assignments, count, &kept);
    /* What is wrong is gathered in the problem, for all fields at once. */
    enum err err = json_decode_part(contract->input, kept.data, kept.size, input.arena,
                                    &input.problem, &input.seen, input.value);
    (void)err;
    int status = input_set_all(&input, assignments, count);
    return status == EXIT_DONE ? finish_kept(letter, &input, ret) : status;
}

/* Only what a letter shows of a secret may come back. */
static int refuse_secrets(const struct contract *contract, const char *json)
{
    for (size_t i = 0; i < contract->input->field_count; i++) {
        const struct json_field *field = &contract->input->fields[i];
        struct json_slice value;
        if (!is_secret(field) || !has_member(json, field, &value)) {
            continue;
        }
        static const char removed[] = "\"" DEAD_LETTER_REMOVED "\"";
        if (value.size != strlen(removed) || memcmp(value.data, removed, value.size) != 0) {
            return refuse_secret(field);
        }
    }
    return EXIT_DONE;
}

int dead_body_replace(const struct dead_letter *letter, const struct contract *contract,
                      const struct buffer *json, struct buffer *ret)
{
    struct input input;
    input_begin(&input, contract, ret->arena);
    const char *text = json->data == NULL ? "" : json->data;
    if (json_check(text, json->size, input.arena, &input.problem) != OK) {
        return input_print_problem(&input);
    }
    int status = refuse_secrets(contract, text);
    if (status != EXIT_DONE) {
        return status;
    }
    struct problem problem = {0};
    enum err err = json_decode_part(contract->input, text, json->size, input.arena, &problem,
                                    &input.seen, input.value);
    if (err != OK && first_error(&problem, contract->input) != NULL) {
        input.problem = problem;
        return input_print_problem(&input);
    }
    forget_secrets(&input);
    return finish_kept(letter, &input, ret);
}
