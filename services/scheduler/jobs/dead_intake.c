/* From dead.intake to the dead letters. */

#include "jobs/dead_intake.h"

#include "common/core/log.h"
#include "jobs/letter.h"

static void drop_first(struct dead_intake *self)
{
    struct arena *arena = self->first->arena;
    self->first = self->first->next;
    arena_free(arena);
}

void dead_intake_let_go(struct dead_intake *self)
{
    while (self->first != NULL) {
        drop_first(self);
    }
}

static void on_up(void *owner, struct bus *bus)
{
    (void)bus;
    struct dead_intake *self = owner;
    link_up(&self->link);
}

/* What is in hand will be delivered again. */
static void on_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    (void)is_by_peer;
    struct dead_intake *self = owner;
    dead_intake_let_go(self);
    link_down(&self->link, reason);
}

static void on_delivery(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)bus;
    struct dead_intake *self = owner;
    struct arena *arena = arena_new();
    struct letter_in_hand *letter = arena_alloc(arena, sizeof(*letter));
    letter->arena = arena;
    letter->tag = delivery->tag;
    letter_make(&delivery->message, arena, &letter->letter);
    if (self->first == NULL) {
        self->first = letter;
    } else {
        self->last->next = letter;
    }
    self->last = letter;
}

const struct bus_events dead_intake_events = {
    .on_up = on_up,
    .on_down = on_down,
    .on_delivery = on_delivery,
};

/* A letter that the database refuses is kept without what came from outside, so that it is never
 * lost. */
static enum err keep(struct dead_intake *self, const struct dead_letter *letter)
{
    enum err err = dead_letters_keep(self->dead_letters, letter);
    if (err != ERR_INTERNAL) {
        return err;
    }
    struct dead_letter bare = *letter;
    bare.body = "null";
    bare.headers = "{}";
    return dead_letters_keep(self->dead_letters, &bare);
}

bool dead_intake_has_work(const struct dead_intake *self)
{
    return self->first != NULL;
}

enum err dead_intake_step(struct dead_intake *self)
{
    const struct dead_letter *letter = &self->first->letter;
    TRY(keep(self, letter));
    log_event(LOG_WARNING, "dead_letter_kept", "message=\"%s\" message_id=%s code=%s",
              letter->message, letter->message_id == NULL ? "-" : letter->message_id, letter->code);
    bus_ack(self->bus, self->first->tag, false);
    drop_first(self);
    return OK;
}
