/* Comma-separated name patterns. */

#include "common/core/glob.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { PATTERN_MAX = 128 };

bool glob_list_matches(const char *patterns, const char *name)
{
    while (*patterns != '\0') {
        patterns += strspn(patterns, ", ");
        size_t size = strcspn(patterns, ", ");
        char pattern[PATTERN_MAX];
        if (size > 0 && size < sizeof(pattern)) {
            memcpy(pattern, patterns, size);
            pattern[size] = '\0';
            if (fnmatch(pattern, name, FNM_NOESCAPE) == 0) {
                return true;
            }
        }
        patterns += size;
    }
    return false;
}
