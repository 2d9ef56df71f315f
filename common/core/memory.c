/* The one place where being out of memory ends the process. */

#include "common/core/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *require(void *memory)
{
    if (memory == NULL) {
        (void)fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *memory_new(size_t count, size_t size)
{
    return require(calloc(count == 0 ? 1 : count, size));
}

void *memory_grow(void *memory, size_t size)
{
    return require(realloc(memory, size));
}
