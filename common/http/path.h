/* Paths of requests and the templates they are matched with, such as `/api/posts/{post_id}`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/core/arena.h"
#include "common/core/attributes.h"

enum { PATH_SEGMENTS_MAX = 16, PATH_VALUES_MAX = 4 };

struct path_segment {
    const char *text; /* decoded, NUL-terminated, without a NUL inside */
    size_t size;
};

struct path {
    struct path_segment segments[PATH_SEGMENTS_MAX];
    size_t count;
};

/* What a template's `{name}` stands for. */
struct path_value {
    const char *name; /* points into the template */
    size_t name_size;
    struct path_segment segment;
};

struct path_values {
    struct path_value values[PATH_VALUES_MAX];
    size_t count;
};

/*
 * Split a percent-encoded path; the segments are ctx. False when no template could match it: it
 * does not begin with `/`, is too deep, is wrongly encoded or holds a NUL. A slash at the end makes
 * an empty last segment: another path.
 */
MUST_CHECK bool path_split(const char *path, struct arena *arena, struct path *ret);

/* Does the path match the template, segment by segment? A `{name}` takes any segment but an empty
 * one. */
bool path_matches(const struct path *path, const char *pattern, struct path_values *ret);
