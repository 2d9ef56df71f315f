/* A mailer for tests: what was sent can be looked at. It holds FAKE_MAILS_MAX mails, copied. */
#pragma once

#include "common/core/uuid.h"
#include "ports/mailer.h"

enum { FAKE_MAILS_MAX = 8, FAKE_MAIL_TEXT_SIZE = 2048 };

struct fake_mail {
    char message_id[UUID_TEXT_SIZE]; /* "" when the message had none */
    char to[FAKE_MAIL_TEXT_SIZE];
    char subject[FAKE_MAIL_TEXT_SIZE];
    char text[FAKE_MAIL_TEXT_SIZE];
    char html[FAKE_MAIL_TEXT_SIZE]; /* "" when it has none */
    char language[FAKE_MAIL_TEXT_SIZE];
};

struct fake_mailer {
    struct mailer base;
    struct fake_mail mails[FAKE_MAILS_MAX];
    size_t count;
    enum err fails_with; /* OK: sending succeeds */
};

void fake_mailer_init(struct fake_mailer *ret);
