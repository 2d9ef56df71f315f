/*
 * A message's fields from the command line: `field=value`, typed by the contract. `field=@path`
 * takes a text from a file, `field=-` from standard input (read once, however many fields ask for
 * it), `field=@@…` is a text that begins with @. Secrets are better given by those two: the
 * arguments of a process are seen by everybody on its machine.
 */
#pragma once

#include "common/contract/contract.h"
#include "common/core/buffer.h"

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
