/*
 * A message's fields from the command line: `field=value`, typed by the contract. `field=@path`
 * takes a text from a file, `field=-` from standard input (read once, however many fields ask for
 * it), `field=@@…` is a text that begins with @. Secrets are better given by those two: the
 * arguments of a process are seen by everybody on its machine.
 */
#pragma once

#include "common/contract/contract.h"
#include "common/core/buffer.h"

/* A body in the making. */
struct input {
    const struct contract *contract;
    struct arena *arena;
    struct problem problem; /* all that is wrong so far */
    uint64_t seen;          /* the fields that are set, as json_decode_part has them */
    void *value;            /* the contract's input struct */
    struct buffer stdin_text;
    bool is_stdin_read;
};

/* The steps of input_from_fields, for bodies that come from several places. Statuses as there. */
void input_begin(struct input *ret, const struct contract *contract, struct arena *arena);
int input_set(struct input *input, const char *assignment);
int input_set_all(struct input *input, char *const *assignments, int count);
int input_finish(struct input *input, struct buffer *ret);
/* Print what is wrong as the problem a service would answer with: EXIT_PROBLEM. */
int input_print_problem(const struct input *input);

/* The field that `assignment` sets, or NULL. */
const struct json_field *input_field(const struct contract *contract, const char *assignment);

/*
 * Make the body of a message of `contract`. EXIT_DONE; EXIT_USAGE with a line on standard error;
 * EXIT_PROBLEM after printing, on standard output, the problem a service would answer with.
 */
int input_from_fields(const struct contract *contract, char *const *assignments, int count,
                      struct buffer *ret);

/* A whole body: the text itself, `@path` or `-`. It is sent as it is. EXIT_DONE or EXIT_USAGE. */
int input_from_json(const char *text, struct buffer *ret);

/* Everything on standard input, or in a file, BUS_BODY_MAX at most; false with a line on standard
 * error. */
bool input_read_stdin(struct buffer *ret);
bool input_read_file(const char *path, struct buffer *ret);
