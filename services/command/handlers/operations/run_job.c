/* operations.run_job: the staff has a periodic message sent now. */

#include "contracts/operations_run_job.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err operations_run_job_handle(struct ctx *ctx,
                                   const struct operations_run_job_command *command,
                                   struct operations_run_job_result *result)
{
    TRY(ctx_require_staff(ctx));

    struct job_run run;
    TRY(job_store_run(ctx->ports->jobs, ctx, command->name, &run));

    result->message = run.message;
    result->message_id = run.message_id;
    return OK;
}
