/* The ports of scheduler: what its jobs may ask of the database. main.c fills them with adapters,
 * tests with fakes. */
#pragma once

#include "ports/dead_letters.h"
#include "ports/expiry.h"
#include "ports/outbox.h"
#include "ports/readiness.h"
#include "ports/schedule.h"

struct ports {
    struct outbox *outbox;
    struct expiry *expiry;
    struct dead_letters *dead_letters;
    struct readiness *readiness;
    struct schedule *schedule;
};
