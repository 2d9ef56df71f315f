/*
 * Bodies of dead letters: made whole for another try, or edited. Their secrets are not there
 * (DEAD_LETTER_REMOVED stands for them); given once more they go into what is sent, never into what
 * is kept. Statuses: EXIT_DONE; EXIT_USAGE or EXIT_PROBLEM after saying why not.
 */
#pragma once

#include "common/contract/contract.h"
#include "common/core/buffer.h"
#include "dead_letter.h"

/* The contract of the letter's command; NULL, after saying so, when it is no command of ours. */
const struct contract *dead_body_contract(const struct dead_letter *letter);

/* The body to send: the letter's, with secrets from `assignments` (field=value, as `send` has
 * them). All that were removed have to be there, and nothing else. */
int dead_body_fill(const struct dead_letter *letter, const struct contract *contract,
                   char *const *assignments, int count, struct buffer *ret);

/* The letter's body with other values in the fields that `assignments` name, to be kept. */
int dead_body_assign(const struct dead_letter *letter, const struct contract *contract,
                     char *const *assignments, int count, struct buffer *ret);

/* A whole new body, from a JSON object, to be kept. */
int dead_body_replace(const struct dead_letter *letter, const struct contract *contract,
                      const struct buffer *json, struct buffer *ret);
