/* From arguments to the body of a message. */

#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/bus/bus.h"
#include "verb.h"

static bool read_stream(FILE *stream, const char *name, struct buffer *ret)
{
    enum { STEP = 64 * 1024 };
    size_t got;
    do {
        got = fread(buffer_reserve(ret, STEP), 1, STEP, stream);
        ret->size += got;
        if (ret->size > BUS_BODY_MAX) {
            (void)cli_fail(EXIT_USAGE, "%s is larger than %d bytes", name, BUS_BODY_MAX);
            return false;
        }
    } while (got > 0);
    if (ferror(stream) != 0) {
        (void)cli_fail(EXIT_USAGE, "cannot read %s: %s", name, strerror(errno));
        return false;
    }
    return true;
}

bool input_read_stdin(struct buffer *ret)
{
    return read_stream(stdin, "standard input", ret);
}

bool input_read_file(const char *path, struct buffer *ret)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        (void)cli_fail(EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
        return false;
    }
    bool is_read = read_stream(file, path, ret);
    (void)fclose(file);
    return is_read;
}

/* Where the value of one field comes from; false after saying why there is none. */
static bool find_text(struct input *input, const struct json_field *field, const char *value,
                      struct json_slice *ret)
{
    struct buffer file;
    buffer_init(&file, input->arena);
    struct buffer *source = NULL;
    if (strcmp(value, "-") == 0) {
        source = &input->stdin_text;
        if (!input->is_stdin_read && !input_read_stdin(source)) {
            return false;
        }
        input->is_stdin_read = true;
    }
    if (value[0] == '@' && value[1] == '@') {
        value++; /* a text that begins with @ */
    } else if (value[0] == '@') {
        source = &file;
        if (!input_read_file(value + 1, source)) {
            return false;
        }
    }
    bool is_secret = (field->flags & JSON_SECRET) != 0;
    *ret = source == NULL ? (struct json_slice){value, strlen(value)}
                          : (struct json_slice){source->data, source->size};
    /* `echo password |`: the newline is the shell's, not the password's. */
    if (source != NULL && is_secret && ret->size > 0 && ret->data[ret->size - 1] == '\n') {
        ret->size--;
    }
    return true;
}

void input_begin(struct input *ret, const struct contract *contract, struct arena *arena)
{
    *ret = (struct input){
        .contract = contract,
        .arena = arena,
        .value = arena_alloc(arena, contract->input->size),
    };
    buffer_init(&ret->stdin_text, arena);
}

const struct json_field *input_field(const struct contract *contract, const char *assignment)
{
    const char *equals = strchr(assignment, '=');
    return equals == NULL
               ? NULL
               : json_field_find(contract->input, assignment, (size_t)(equals - assignment));
}

int input_set(struct input *input, const char *assignment)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL) {
        return cli_fail(EXIT_USAGE, "'%s' is not field=value", assignment);
    }
    const struct json_field *field = input_field(input->contract, assignment);
    if (field == NULL) {
        return cli_fail(EXIT_USAGE, "%s has no field '%.*s'; --help lists them",
                        input->contract->name, (int)(equals - assignment), assignment);
    }
    if (field->kind == JSON_OBJECT || field->kind == JSON_ARRAY) {
        return cli_fail(EXIT_USAGE, "%s is no single value: use --json", field->name);
    }
    struct json_slice text;
    if (!find_text(input, field, equals + 1, &text)) {
        return EXIT_USAGE;
    }
    /* What is wrong is gathered in the problem, for all fields at once. */
    enum err err = json_set_text(field, text.data == NULL ? "" : text.data, text.size, input->arena,
                                 &input->problem, &input->seen, input->value);
    (void)err;
    return EXIT_DONE;
}

int input_print_problem(const struct input *input)
{
    struct buffer text;
    buffer_init(&text, input->arena);
    problem_encode(&input->problem, &text);
    (void)printf("%s\n", text.data);
    return EXIT_PROBLEM;
}

int input_set_all(struct input *input, char *const *assignments, int count)
{
    for (int i = 0; i < count; i++) {
        int status = input_set(input, assignments[i]);
        if (status != EXIT_DONE) {
            return status;
        }
    }
    return EXIT_DONE;
}

int input_finish(struct input *input, struct buffer *ret)
{
    const struct json_object *object = input->contract->input;
    enum err err = json_complete(object, input->arena, &input->problem, input->seen, input->value);
    if (err != OK || input->problem.err != OK) {
        return input_print_problem(input);
    }
    json_encode(object, input->value, ret);
    return EXIT_DONE;
}

int input_from_fields(const struct contract *contract, char *const *assignments, int count,
                      struct buffer *ret)
{
    struct input input;
    input_begin(&input, contract, ret->arena);
    int status = input_set_all(&input, assignments, count);
    return status == EXIT_DONE ? input_finish(&input, ret) : status;
}

int input_from_json(const char *text, struct buffer *ret)
{
    if (strcmp(text, "-") == 0) {
        return input_read_stdin(ret) ? EXIT_DONE : EXIT_USAGE;
    }
    if (text[0] == '@') {
        return input_read_file(text + 1, ret) ? EXIT_DONE : EXIT_USAGE;
    }
    buffer_append_text(ret, text);
    return EXIT_DONE;
}
