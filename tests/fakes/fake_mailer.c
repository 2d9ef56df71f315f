/* A mailer for tests. */

#include "tests/fakes/fake_mailer.h"

#include <assert.h>
#include <stdio.h>

static void copy(char *place, size_t size, const char *text)
{
    int length = snprintf(place, size, "%s", text == NULL ? "" : text);
    assert(length >= 0 && (size_t)length < size);
}

static enum err fake_send(struct mailer *base, struct ctx *ctx, const struct mail *mail)
{
    struct fake_mailer *self = (struct fake_mailer *)base;
    TRY(self->fails_with);

    assert(self->count < FAKE_MAILS_MAX);
    struct fake_mail *kept = &self->mails[self->count++];
    copy(kept->message_id, sizeof(kept->message_id), ctx->message_id);
    copy(kept->to, sizeof(kept->to), mail->to);
    copy(kept->subject, sizeof(kept->subject), mail->subject);
    copy(kept->text, sizeof(kept->text), mail->text);
    copy(kept->html, sizeof(kept->html), mail->html);
    copy(kept->language, sizeof(kept->language), mail->language);
    return OK;
}

static const struct mailer_ops fake_ops = {.send = fake_send};

void fake_mailer_init(struct fake_mailer *ret)
{
    *ret = (struct fake_mailer){.base.ops = &fake_ops};
}
