/* The heap of ends. */

#include "services/gateway/ends.h"

#include <stdlib.h>

#include "common/core/memory.h"

/* The time is kept beside the call, so that comparing touches no call. */
struct end {
    int64_t ms;
    struct call *call;
};

struct ends {
    size_t count;
    struct end heap[]; /* the children of i are 2i + 1 and 2i + 2 and end no earlier */
};

struct ends *ends_new(size_t capacity)
{
    struct ends *ends = memory_new(1, sizeof(*ends) + capacity * sizeof(ends->heap[0]));
    return ends;
}

void ends_free(struct ends *ends)
{
    free(ends);
}

static void put(struct ends *ends, size_t place, struct end end)
{
    ends->heap[place] = end;
    end.call->end_place = place;
}

/* From `place`, which is free, upwards: where the end belongs. */
static size_t rise(struct ends *ends, size_t place, struct end end)
{
    while (place > 0 && end.ms < ends->heap[(place - 1) / 2].ms) {
        put(ends, place, ends->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(ends, place, end);
    return place;
}

static void sink(struct ends *ends, size_t place, struct end end)
{
    size_t child;
    while ((child = 2 * place + 1) < ends->count) {
        if (child + 1 < ends->count && ends->heap[child + 1].ms < ends->heap[child].ms) {
            child++;
        }
        if (ends->heap[child].ms >= end.ms) {
            break;
        }
        put(ends, place, ends->heap[child]);
        place = child;
    }
    put(ends, place, end);
}

void ends_add(struct ends *ends, struct call *call)
{
    (void)rise(ends, ends->count++, (struct end){.ms = call->expires_ms, .call = call});
}

void ends_remove(struct ends *ends, struct call *call)
{
    size_t place = call->end_place;
    struct end last = ends->heap[--ends->count];
    if (last.call != call && rise(ends, place, last) == place) {
        sink(ends, place, last);
    }
}

struct call *ends_first(const struct ends *ends)
{
    return ends->count == 0 ? NULL : ends->heap[0].call;
}
