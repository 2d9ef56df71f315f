/* What is kept for a time only, batch by batch. */

#include "jobs/expire.h"

enum { BATCH_SIZE = 1000 }; /* well within the time-out of a statement */

enum err expire_step(struct expiry *expiry, struct expire_report *ret)
{
    *ret = (struct expire_report){.is_over = true};
    for (int what = 0; what < EXPIRING_COUNT; what++) {
        size_t *removed = &ret->removed[what];
        TRY(expiry_remove(expiry, (enum expiring)what, BATCH_SIZE, removed));
        if (*removed == BATCH_SIZE) {
            ret->is_over = false;
        }
    }
    return OK;
}
