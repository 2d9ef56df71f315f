/* Several dead letters. */

#include "rules/letter_list.h"

#include "ports.h"

enum err letter_list_act(struct ctx *ctx, const struct letter_choice *letters, size_t count,
                         letter_act_function *act, struct letter_outcome *ret)
{
    size_t gone = 0;
    *ret = (struct letter_outcome){
        .left = arena_alloc(ctx->arena, count * sizeof(*ret->left)),
    };
    for (size_t i = 0; i < count; i++) {
        enum letter_obstacle obstacle;
        TRY(act(ctx->ports->dead_letters, ctx, letters[i].id, &obstacle));
        if (obstacle == LETTER_HAS_LEFT) {
            ret->done++;
            continue;
        }
        gone += obstacle == LETTER_OBSTACLE_GONE ? 1 : 0;
        ret->left[ret->left_count++] =
            (struct letter_left){.id = letters[i].id, .reason = obstacle};
    }
    return gone == count ? ctx_fail(ctx, ERR_NOT_FOUND, "There are no such dead letters") : OK;
}
