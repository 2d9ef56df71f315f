/* Finding a contract by name. */

#include "common/contract/contract.h"

#include <string.h>

static int compare(const char *name, size_t size, const char *other)
{
    size_t other_size = strlen(other);
    int order = memcmp(name, other, size < other_size ? size : other_size);
    if (order != 0) {
        return order;
    }
    return (size > other_size) - (size < other_size);
}

const struct contract *contract_find(const char *name, size_t size)
{
    size_t low = 0;
    size_t high = contract_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, size, contracts[middle]->name);
        if (order == 0) {
            return contracts[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
