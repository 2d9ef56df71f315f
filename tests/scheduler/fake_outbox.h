/* An outbox in memory, for tests. */
#pragma once

#include <stdbool.h>

#include "ports/outbox.h"

enum { FAKE_OUTBOX_MAX = 200 };

struct fake_outbox {
    struct outbox base;
    struct outbox_message messages[FAKE_OUTBOX_MAX]; /* oldest first */
    char message_ids[FAKE_OUTBOX_MAX][40];
    bool is_gone[FAKE_OUTBOX_MAX];
    size_t count;
    bool is_held;        /* between take and settle */
    int takes;           /* how often it was asked */
    enum err take_fails; /* OK: it works */
    enum err settle_fails;
};

void fake_outbox_init(struct fake_outbox *ret);
/* A message that is old enough, newer than those before it. `name` is static. */
void fake_outbox_add(struct fake_outbox *outbox, const char *name, const char *body);
/* How many are still in it. */
size_t fake_outbox_left(const struct fake_outbox *outbox);
