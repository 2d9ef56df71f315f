/* What the code made from the mails calls. */

#include "compose.h"

enum language compose_language(const struct ctx *ctx, const struct account *to)
{
    return language_choose(to->language != NULL ? to->language : ctx->language);
}

const char *compose_text(const struct render *render)
{
    return render->buffer.data == NULL ? "" : render->buffer.data;
}
