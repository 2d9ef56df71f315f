/* What is done with several dead letters, one after the other. */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

/* A function of the port dead_letter_store: dead_letter_store_retry or dead_letter_store_drop. */
struct dead_letter_store;
typedef enum err letter_act_function(struct dead_letter_store *store, struct ctx *ctx, int64_t id,
                                     enum letter_obstacle *ret);

struct letter_outcome {
    int64_t done;
    struct letter_left *left; /* ctx: nothing was done with these */
    size_t left_count;
};

/* Do it with each of them. ERR_NOT_FOUND: not one of them is there. */
MUST_CHECK enum err letter_list_act(struct ctx *ctx, const struct letter_choice *letters,
                                    size_t count, letter_act_function *act,
                                    struct letter_outcome *ret);
