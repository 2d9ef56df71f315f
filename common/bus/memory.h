/* Memory that lives as long as a bus and grows with it; out of memory aborts. Used within
 * common/bus only. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

static inline void *bus_realloc(void *memory, size_t size)
{
    void *grown = realloc(memory, size);
    if (grown == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return grown;
}
