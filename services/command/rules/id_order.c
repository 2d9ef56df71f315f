/* References in the order of their ids: each is put in its place among those before it, of which a
 * message has few. */

#include "rules/id_order.h"

const struct reference *id_order(struct ctx *ctx, const struct reference *references, size_t count)
{
    struct reference *ordered = arena_alloc(ctx->arena, count * sizeof(*ordered));
    for (size_t i = 0; i < count; i++) {
        size_t place = i;
        for (; place > 0 && ordered[place - 1].id > references[i].id; place--) {
            ordered[place] = ordered[place - 1];
        }
        ordered[place] = references[i];
    }
    return ordered;
}
