/* Paths and templates. */

#include "common/http/path.h"

#include <string.h>

#include "common/http/percent.h"

bool path_split(const char *path, struct arena *arena, struct path *ret)
{
    if (*path != '/') {
        return false;
    }
    ret->count = 0;
    while (*path == '/') {
        if (ret->count == PATH_SEGMENTS_MAX) {
            return false;
        }
        const char *text = path + 1;
        size_t size = strcspn(text, "/");
        struct path_segment *segment = &ret->segments[ret->count++];
        if (!percent_decode(text, size, PERCENT_PATH, arena, &segment->text, &segment->size) ||
            memchr(segment->text, '\0', segment->size) != NULL) {
            return false;
        }
        path = text + size;
    }
    return true;
}

/* One segment of a pattern, `size` characters at `text`, against one of the path. */
static bool segment_matches(const struct path_segment *segment, const char *text, size_t size,
                            struct path_values *values)
{
    if (size < 2 || text[0] != '{') {
        return segment->size == size && memcmp(segment->text, text, size) == 0;
    }
    if (segment->size == 0 || values->count == PATH_VALUES_MAX) {
        return false;
    }
    values->values[values->count++] =
        (struct path_value){.name = text + 1, .name_size = size - 2, .segment = *segment};
    return true;
}

bool path_matches(const struct path *path, const char *pattern, struct path_values *ret)
{
    ret->count = 0;
    for (size_t i = 0; i < path->count; i++) {
        if (*pattern != '/') {
            return false;
        }
        pattern++;
        size_t size = strcspn(pattern, "/");
        if (!segment_matches(&path->segments[i], pattern, size, ret)) {
            return false;
        }
        pattern += size;
    }
    return *pattern == '\0';
}
