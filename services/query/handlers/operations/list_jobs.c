/* operations.list_jobs: what is sent by the clock, for the staff. */

#include "contracts/operations_list_jobs.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err operations_list_jobs_handle(struct ctx *ctx,
                                     const struct operations_list_jobs_query *query,
                                     struct operations_list_jobs_result *result)
{
    (void)query;
    TRY(ctx_require_staff(ctx));

    return job_reader_list(ctx->ports->jobs, ctx, &result->jobs, &result->jobs_count);
}
