/* Jobs, as a test has them. */

#include "tests/fakes/fake_job_reader.h"

static enum err list(struct job_reader *base, struct ctx *ctx, struct scheduled_job **ret,
                     size_t *ret_count)
{
    (void)ctx;
    const struct fake_job_reader *reader = (const struct fake_job_reader *)base;
    TRY(reader->fails_with);
    *ret = reader->jobs;
    *ret_count = reader->count;
    return OK;
}

void fake_job_reader_init(struct fake_job_reader *ret)
{
    static const struct job_reader_ops ops = {.list = list};
    *ret = (struct fake_job_reader){.base.ops = &ops};
}
