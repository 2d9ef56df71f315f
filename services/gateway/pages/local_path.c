/* Paths of ours. */

#include "services/gateway/pages/local_path.h"

#include <stddef.h>

enum { LOCAL_PATH_MAX = 2000 };

bool local_path_is(const char *text)
{
    if (text == NULL || text[0] != '/' || text[1] == '/') {
        return false;
    }
    size_t size = 0;
    for (; text[size] != '\0'; size++) {
        if (text[size] <= ' ' || text[size] > '~' || text[size] == '\\') {
            return false;
        }
    }
    return size <= LOCAL_PATH_MAX;
}
