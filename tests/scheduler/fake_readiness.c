/* A database that is there or is not. */

#include "tests/scheduler/fake_readiness.h"

static enum err check(struct readiness *base)
{
    struct fake_readiness *self = (struct fake_readiness *)base;
    self->checks++;
    return self->state;
}

static const char *trouble(const struct readiness *base)
{
    (void)base;
    return "the fake is away";
}

void fake_readiness_init(struct fake_readiness *ret)
{
    static const struct readiness_ops ops = {.check = check, .trouble = trouble};
    *ret = (struct fake_readiness){.base.ops = &ops};
}
