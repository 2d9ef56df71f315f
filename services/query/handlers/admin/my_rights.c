/* admin.my_rights: what a member of the staff may do beyond what all of the staff may. */

#include "contracts/admin_my_rights.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err admin_my_rights_handle(struct ctx *ctx, UNUSED const struct admin_my_rights_query *query,
                                struct admin_my_rights_result *result)
{
    TRY(ctx_require_staff(ctx));

    result->is_superuser = ctx->is_superuser;
    return OK;
}
