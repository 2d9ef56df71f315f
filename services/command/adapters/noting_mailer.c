/* What became of each mail. */

#include "services/command/adapters/noting_mailer.h"

/* A server that refuses this mail for good is one that answers. */
static enum err noting_send(struct mailer *base, struct ctx *ctx, const struct mail *mail)
{
    const struct noting_mailer *self = (const struct noting_mailer *)base;
    enum err err = mailer_send(self->inner, ctx, mail);
    metrics_note_mail(self->metrics, err != ERR_UNAVAILABLE);
    return err;
}

void noting_mailer_init(struct noting_mailer *ret, struct mailer *inner, struct metrics *metrics)
{
    static const struct mailer_ops ops = {.send = noting_send};
    *ret = (struct noting_mailer){.base.ops = &ops, .inner = inner, .metrics = metrics};
}
