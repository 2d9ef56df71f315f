/* Things whose time is over, counted. */

#include "tests/scheduler/fake_expiry.h"

static enum err remove_some(struct expiry *base, enum expiring what, size_t limit,
                            size_t *ret_count)
{
    struct fake_expiry *self = (struct fake_expiry *)base;
    if (self->fails_with[what] != OK) {
        return self->fails_with[what];
    }
    *ret_count = self->over[what] < limit ? self->over[what] : limit;
    self->over[what] -= *ret_count;
    return OK;
}

void fake_expiry_init(struct fake_expiry *ret)
{
    static const struct expiry_ops ops = {.remove = remove_some};
    *ret = (struct fake_expiry){.base.ops = &ops};
}
