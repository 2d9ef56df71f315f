/* Jobs in memory. */

#include "tests/fakes/fake_job_store.h"

#include "common/contract/schedule.h"
#include "common/core/outgoing.h"

static enum err run(struct job_store *base, struct ctx *ctx, const char *name, struct job_run *ret)
{
    struct fake_job_store *store = (struct fake_job_store *)base;
    TRY(store->fails_with);
    const struct schedule_job *job = schedule_find(name);
    if (job == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no job");
    }
    store->run_count++;
    store->run_for = ctx->user_id;
    struct outgoing *outgoing = outgoing_add(ctx, job->contract);
    buffer_append_text(&outgoing->body, job->body);
    *ret = (struct job_run){.message = job->contract->name, .message_id = outgoing->message_id};
    return OK;
}

void fake_job_store_init(struct fake_job_store *ret)
{
    static const struct job_store_ops ops = {.run = run};
    *ret = (struct fake_job_store){.base.ops = &ops};
}
