/* What is kept for a time only, batch by batch. */

#include "jobs/expire.h"

#include <string.h>

enum { BATCH_SIZE = 1000 }; /* well within the time-out of a statement */

/* The kind whose turn it is next; EXPIRING_COUNT: none has anything left to do. */
static enum expiring next_after(const struct expire *self, enum expiring what)
{
    for (int i = 1; i <= EXPIRING_COUNT; i++) {
        enum expiring next = (enum expiring)(((int)what + i) % EXPIRING_COUNT);
        if (!self->is_done[next]) {
            return next;
        }
    }
    return EXPIRING_COUNT;
}

enum err expire_step(struct expire *self, struct expire_report *ret)
{
    *ret = (struct expire_report){0};
    enum expiring what = self->next;
    size_t removed = 0;
    enum err err = expiry_remove(self->expiry, what, BATCH_SIZE, &removed);
    self->removed[what] += removed;
    self->is_done[what] = err != OK || removed < BATCH_SIZE;
    self->next = next_after(self, what);
    if (self->next == EXPIRING_COUNT) {
        ret->is_over = true;
        memcpy(ret->removed, self->removed, sizeof(ret->removed));
        *self = (struct expire){.expiry = self->expiry};
    }
    return err;
}
