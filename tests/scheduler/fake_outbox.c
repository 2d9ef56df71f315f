/* An outbox in memory. */

#include "tests/scheduler/fake_outbox.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static enum err take(struct outbox *base, struct arena *arena, const struct outbox_message *after,
                     struct outbox_message ret[OUTBOX_BATCH_MAX], size_t *ret_count)
{
    (void)arena;
    struct fake_outbox *self = (struct fake_outbox *)base;
    ck_assert(!self->is_held);
    self->takes++;
    if (self->take_fails != OK) {
        return self->take_fails;
    }
    *ret_count = 0;
    for (size_t i = 0; i < self->count && *ret_count < OUTBOX_BATCH_MAX; i++) {
        const struct outbox_message *message = &self->messages[i];
        if (!self->is_gone[i] && (after == NULL || message->created_us > after->created_us)) {
            ret[(*ret_count)++] = *message;
        }
    }
    self->is_held = true;
    return OK;
}

static void forget(struct fake_outbox *self, const char *message_id)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->message_ids[i], message_id) == 0) {
            self->is_gone[i] = true;
        }
    }
}

static enum err settle(struct outbox *base, const char *const *published_ids, size_t count)
{
    struct fake_outbox *self = (struct fake_outbox *)base;
    ck_assert(self->is_held);
    self->is_held = false;
    if (self->settle_fails != OK) {
        return self->settle_fails;
    }
    for (size_t i = 0; i < count; i++) {
        forget(self, published_ids[i]);
    }
    return OK;
}

static enum err measure(struct outbox *base, struct outbox_size *ret)
{
    const struct fake_outbox *self = (const struct fake_outbox *)base;
    *ret = (struct outbox_size){.messages = (int64_t)fake_outbox_left(self)};
    for (size_t i = self->count; i > 0; i--) {
        ret->oldest_us = self->is_gone[i - 1] ? ret->oldest_us : self->messages[i - 1].created_us;
    }
    return OK;
}

void fake_outbox_init(struct fake_outbox *ret)
{
    static const struct outbox_ops ops = {.take = take, .settle = settle, .measure = measure};
    *ret = (struct fake_outbox){.base.ops = &ops};
}

void fake_outbox_add(struct fake_outbox *outbox, const char *name, const char *body)
{
    ck_assert_uint_lt(outbox->count, FAKE_OUTBOX_MAX);
    size_t i = outbox->count++;
    (void)snprintf(outbox->message_ids[i], sizeof(outbox->message_ids[i]),
                   "00000000-0000-4000-8000-%012zu", i);
    outbox->messages[i] = (struct outbox_message){
        .created_us = (int64_t)i + 1,
        .message_id = outbox->message_ids[i],
        .identity = outbox->message_ids[i],
        .name = name,
        .body = body,
    };
}

size_t fake_outbox_left(const struct fake_outbox *outbox)
{
    size_t left = 0;
    for (size_t i = 0; i < outbox->count; i++) {
        left += outbox->is_gone[i] ? 0 : 1;
    }
    return left;
}
