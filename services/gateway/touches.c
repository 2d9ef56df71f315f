/* Which sessions have been noted to be in use. */

#include "services/gateway/touches.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

enum {
    BUCKETS = 4096,
    WAYS = 4, /* places of a bucket */
    INTERVAL_MS = 5 * 60 * 1000,
    A_SECOND_MAX = 100,
};

struct touch {
    uint64_t session; /* 0: none */
    int64_t noted_ms;
};

struct touches {
    int64_t second; /* that is being counted */
    int count;
    struct touch touches[BUCKETS][WAYS]; /* pages that are not used cost nothing */
};

struct touches *touches_new(void)
{
    return memory_new(1, sizeof(struct touches));
}

void touches_free(struct touches *touches)
{
    free(touches);
}

/* A SHA-256 in hex is a digest of itself already: its first 16 digits. */
static uint64_t session_of(const char *digest)
{
    char first[16 + 1] = {0};
    strncpy(first, digest, sizeof(first) - 1);
    return strtoull(first, NULL, 16) | 1;
}

/* The place of the session, or the one that was noted longest ago. */
static struct touch *place_of(struct touches *touches, uint64_t session)
{
    struct touch *bucket = touches->touches[(session >> 1) % BUCKETS];
    struct touch *oldest = bucket;
    for (int i = 0; i < WAYS; i++) {
        if (bucket[i].session == session) {
            return &bucket[i];
        }
        oldest = bucket[i].noted_ms < oldest->noted_ms ? &bucket[i] : oldest;
    }
    return oldest;
}

bool touches_are_due(struct touches *touches, const char *digest, int64_t now_ms)
{
    uint64_t session = session_of(digest);
    struct touch *place = place_of(touches, session);
    if (place->session == session && now_ms - place->noted_ms < INTERVAL_MS) {
        return false;
    }
    if (touches->second != now_ms / 1000) {
        touches->second = now_ms / 1000;
        touches->count = 0;
    }
    if (touches->count == A_SECOND_MAX) {
        return false;
    }
    touches->count++;
    *place = (struct touch){session, now_ms};
    return true;
}

void touches_forget(struct touches *touches, const char *digest)
{
    uint64_t session = session_of(digest);
    struct touch *place = place_of(touches, session);
    if (place->session == session) {
        *place = (struct touch){0};
    }
}

void touches_begin(struct touches *touches, const char *digest, int64_t now_ms)
{
    uint64_t session = session_of(digest);
    *place_of(touches, session) = (struct touch){session, now_ms};
}
