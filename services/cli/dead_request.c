/* Which letters a request means. */

#include <stdio.h>
#include <string.h>

#include "common/core/glob.h"
#include "database.h"
#include "dead.h"
#include "verb.h"

enum { PAGE = 1000 };

/* Letters that come while we work are none of ours: a replay that fails makes a new one. */
static const struct postgres_statement newest = {
    "cli_newest_dead",
    "SELECT coalesce(max(id), 0)::int8 FROM dead_letters",
};

static const struct postgres_statement page = {
    "cli_page_dead",
    "SELECT id::int8, message, code FROM dead_letters"
    " WHERE id > $1::int8 AND id <= $2::int8 ORDER BY id LIMIT $3::int8",
};

struct walk {
    const struct dead_request *request;
    struct postgres *db;
    int (*act)(void *owner, int64_t id, struct arena *arena);
    void *owner;
    const bool *is_pointless;
    struct arena *arena; /* of one letter */
    int status;
    size_t tried;
    size_t done;
};

bool dead_request_matches(const struct dead_request *request, const char *message, const char *code)
{
    return (request->message == NULL || glob_list_matches(request->message, message)) &&
           (request->code == NULL || strcmp(request->code, code) == 0);
}

static void act_on(struct walk *walk, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count && !*walk->is_pointless; i++) {
        arena_reset(walk->arena);
        int status = walk->act(walk->owner, ids[i], walk->arena);
        walk->tried++;
        walk->done += status == EXIT_DONE ? 1 : 0;
        walk->status = status > walk->status ? status : walk->status;
    }
}

/* The next letters that match; how many rows were looked at, -1: trouble. */
static int read_page(struct walk *walk, int64_t *last, int64_t end, int64_t ids[PAGE],
                     size_t *ret_count)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, *last);
    postgres_add_int64(&parameters, end);
    postgres_add_int64(&parameters, PAGE);
    const struct pg_result *rows = database_ask(walk->db, &page, &parameters);
    if (rows == NULL) {
        walk->status = EXIT_UNREACHABLE;
        return -1;
    }
    *ret_count = 0;
    for (int i = 0; i < postgres_row_count(rows); i++) {
        *last = postgres_int64(rows, i, 0);
        arena_reset(walk->arena);
        if (dead_request_matches(walk->request, postgres_text(rows, i, 1, walk->arena),
                                 postgres_text(rows, i, 2, walk->arena))) {
            ids[(*ret_count)++] = *last;
        }
    }
    return postgres_row_count(rows);
}

static void walk_all(struct walk *walk)
{
    const struct pg_result *found = database_ask(walk->db, &newest, NULL);
    if (found == NULL) {
        walk->status = EXIT_UNREACHABLE;
        return;
    }
    int64_t end = postgres_int64(found, 0, 0);
    int64_t last = 0;
    int64_t ids[PAGE];
    size_t count;
    while (!*walk->is_pointless && read_page(walk, &last, end, ids, &count) > 0) {
        act_on(walk, ids, count);
    }
}

int dead_request_each(const struct dead_request *request, struct postgres *db, const char *done,
                      int (*act)(void *owner, int64_t id, struct arena *arena), void *owner,
                      const bool *is_pointless)
{
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct walk walk = {
        .request = request,
        .db = db,
        .act = act,
        .owner = owner,
        .is_pointless = is_pointless,
        .arena = arena,
        .status = EXIT_DONE,
    };
    if (request->id_count > 0) {
        act_on(&walk, request->ids, request->id_count);
    } else {
        walk_all(&walk);
    }
    if (request->id_count != 1) {
        (void)printf("%zu of %zu dead letters %s\n", walk.done, walk.tried, done);
    }
    return walk.status;
}
