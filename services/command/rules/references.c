/* Rule: several users or posts are worked on in the order of their ids, each once. */

#include "rules/references.h"

#include <string.h>

/* How many of the ids, which are in their order, come before this one. */
static size_t place_of(const int64_t *ids, size_t count, int64_t id)
{
    size_t place = count;
    while (place > 0 && ids[place - 1] >= id) {
        place--;
    }
    return place;
}

size_t references_distinct(struct ctx *ctx, const struct reference *references, size_t count,
                           int64_t **ret)
{
    int64_t *ids = arena_alloc(ctx->arena, count * sizeof(*ids));
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t id = references[i].id;
        size_t place = place_of(ids, kept, id);
        if (place < kept && ids[place] == id) {
            continue;
        }
        memmove(&ids[place + 1], &ids[place], (kept - place) * sizeof(*ids));
        ids[place] = id;
        kept++;
    }
    *ret = ids;
    return kept;
}
