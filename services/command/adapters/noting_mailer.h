/* A mailer that notes how another's mails went: whether the server was there, and when. */
#pragma once

#include "common/health/metrics.h"
#include "services/command/ports/mailer.h"

struct noting_mailer {
    struct mailer base;
    struct mailer *inner;    /* borrowed */
    struct metrics *metrics; /* of this worker; borrowed */
};

void noting_mailer_init(struct noting_mailer *ret, struct mailer *inner, struct metrics *metrics);
