/* The outbox, batch by batch. */

#include "jobs/sweep.h"

#include <stdio.h>

static void begin_anew(struct sweep *self)
{
    self->last.message_id = NULL;
    self->published = 0;
    self->left = 0;
}

static void remember(struct sweep *self, const struct outbox_message *message)
{
    (void)snprintf(self->last_message_id, sizeof(self->last_message_id), "%s", message->message_id);
    self->last = (struct outbox_message){
        .created_us = message->created_us,
        .message_id = self->last_message_id,
    };
}

static enum err publish(struct sweep *self, const struct outbox_message *messages, size_t count)
{
    enum fate fates[OUTBOX_BATCH_MAX];
    publisher_send(self->publisher, messages, count, self->wait_ms, fates);

    const char *published[OUTBOX_BATCH_MAX];
    size_t published_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (fates[i] == FATE_TAKEN) {
            published[published_count++] = messages[i].message_id;
        }
    }
    TRY(outbox_settle(self->outbox, published, published_count));
    self->published += published_count;
    self->left += count - published_count;
    return OK;
}

static enum err take_and_publish(struct sweep *self, size_t *ret_count)
{
    struct outbox_message messages[OUTBOX_BATCH_MAX];
    const struct outbox_message *after = self->last.message_id == NULL ? NULL : &self->last;
    TRY(outbox_take(self->outbox, self->arena, after, messages, ret_count));
    TRY(publish(self, messages, *ret_count));
    if (*ret_count > 0) {
        remember(self, &messages[*ret_count - 1]);
    }
    return OK;
}

enum err sweep_step(struct sweep *self, struct sweep_report *ret)
{
    size_t count = 0;
    enum err err = take_and_publish(self, &count);
    arena_reset(self->arena);
    *ret = (struct sweep_report){
        .is_over = err != OK || count < OUTBOX_BATCH_MAX,
        .published = self->published,
        .left = self->left,
    };
    if (ret->is_over) {
        begin_anew(self);
    }
    return err;
}
