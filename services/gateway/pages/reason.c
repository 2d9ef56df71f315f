/* Reasons. */

#include "services/gateway/pages/reason.h"

#include "common/core/problem.h"

const char *reason_of_problem(struct render *render, struct json_slice problem)
{
    struct arena *arena = render->buffer.arena;
    struct problem kept = {0};
    if (problem.data == NULL || problem_decode(problem.data, problem.size, arena, &kept) != OK) {
        return NULL;
    }
    if (kept.err == ERR_INVALID_INPUT && kept.errors != NULL) {
        struct buffer texts;
        buffer_init(&texts, arena);
        for (const struct field_error *each = kept.errors; each != NULL; each = each->next) {
            buffer_append_text(&texts, texts.size == 0 ? "" : ", ");
            buffer_append_text(&texts, each->message);
        }
        return texts.data;
    }
    return err_info(kept.err)->http_status < 500 ? kept.detail : NULL;
}
