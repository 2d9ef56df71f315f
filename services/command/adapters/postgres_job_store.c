/* Jobs, run by hand. */

#include "postgres_job_store.h"

#include <stdlib.h>

#include "common/contract/schedule.h"
#include "common/core/memory.h"
#include "common/core/outgoing.h"

/* The latest slot, where nobody has seen the job yet: it has passed, as for the scheduler. */
static const struct postgres_statement note_run = {
    "job_note_run",
    "INSERT INTO schedule (job, last_slot, run_at, run_by) VALUES ($1::text,"
    " to_timestamp($2::int8), now(), coalesce((SELECT email FROM users WHERE id = $3::int8),"
    " 'user ' || $3::int8)) ON CONFLICT (job) DO UPDATE SET run_at = excluded.run_at,"
    " run_by = excluded.run_by"};

struct postgres_job_store {
    struct job_store base;
    struct postgres *db;
};

static enum err run(struct job_store *self, struct ctx *ctx, const char *name, struct job_run *ret)
{
    const struct schedule_job *job = schedule_find(name);
    if (job == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such job");
    }
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, name);
    postgres_add_int64(&parameters, schedule_latest_slot(job, ctx->now_us / 1000000));
    postgres_add_int64(&parameters, ctx->user_id);
    struct postgres *db = ((struct postgres_job_store *)self)->db;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &note_run, &parameters, NULL)));

    struct outgoing *outgoing = outgoing_add(ctx, job->contract);
    buffer_append_text(&outgoing->body, job->body);
    *ret = (struct job_run){.message = job->contract->name, .message_id = outgoing->message_id};
    return OK;
}

struct job_store *postgres_job_store_new(struct postgres *db)
{
    static const struct job_store_ops ops = {.run = run};
    struct postgres_job_store *store = memory_new(1, sizeof(*store));
    store->base.ops = &ops;
    store->db = db;
    return &store->base;
}

void postgres_job_store_free(struct job_store *store)
{
    free(store);
}
