/* What the verbs of `postroom dead` have in common: their arguments, and which letters they mean.
 * dead.c reads them; each verb is a row of its table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/postgres/postgres.h"

struct dead_request {
    const char *message; /* --message: a glob; NULL: any */
    const char *code;    /* --code; NULL: any */
    bool is_all;         /* --all */
    bool is_json;        /* --json */
    bool is_stdin;       /* "-" */
    int64_t *ids;
    size_t id_count;
    char **assignments; /* field=value */
    int assignment_count;
};

/* Each returns the exit status. */
int dead_list_run(const struct dead_request *request, struct arena *arena);
int dead_show_run(const struct dead_request *request, struct arena *arena);
int dead_log_run(const struct dead_request *request, struct arena *arena);
int dead_retry_run(const struct dead_request *request, struct arena *arena);
int dead_drop_run(const struct dead_request *request, struct arena *arena);
int dead_edit_run(const struct dead_request *request, struct arena *arena);

/* Does the request mean letters of this message and code? */
bool dead_request_matches(const struct dead_request *request, const char *message,
                          const char *code);

/*
 * Call `act` for each letter that the request names or means and that was there at the beginning,
 * oldest first, with an arena that is emptied in between. Goes on after a letter that fails unless
 * `act` has set `*is_pointless`; returns the worst status. More than one letter are counted on
 * standard output at the end: "2 of 3 dead letters <done>".
 */
int dead_request_each(const struct dead_request *request, struct postgres *db, const char *done,
                      int (*act)(void *owner, int64_t id, struct arena *arena), void *owner,
                      const bool *is_pointless);
