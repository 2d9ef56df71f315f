/* Commands that nobody waits for any more and that the broker may not have. */

#include "services/gateway/leftovers.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/clock.h"
#include "common/core/log.h"
#include "common/core/memory.h"
#include "common/service/envelope.h"

enum {
    COUNT_MAX = 1000,
    BYTES_MAX = 8 * 1024 * 1024,
    LIFETIME_MS = 60 * 1000, /* of a command without a deadline */
    PAUSE_MS = 1000,         /* before one that was refused is tried again */
};

struct leftover {
    struct leftover *next;
    struct call call;    /* a copy, with its own body and headers; must_resend: it has to be sent */
    int64_t deadline_ms; /* wall clock */
    int64_t due_ms;      /* monotonic; when it must be sent */
};

struct leftovers {
    struct leftover *first;
    size_t count;
    size_t bytes;
};

struct leftovers *leftovers_new(void)
{
    return memory_new(1, sizeof(struct leftovers));
}

/* Take out the one that `place` points at. */
static void drop(struct leftovers *leftovers, struct leftover **place)
{
    struct leftover *gone = *place;
    struct call *call = &gone->call;
    *place = gone->next;
    leftovers->count--;
    leftovers->bytes -= call->body_size;
    for (size_t i = 0; i < call->header_count; i++) {
        free((char *)call->headers[i].text);
    }
    free((char *)call->body);
    free(gone);
}

void leftovers_free(struct leftovers *leftovers)
{
    if (leftovers == NULL) {
        return;
    }
    while (leftovers->first != NULL) {
        drop(leftovers, &leftovers->first);
    }
    free(leftovers);
}

static char *copy(const char *bytes, size_t size)
{
    char *made = memory_new(size + 1, 1);
    memcpy(made, bytes, size);
    return made;
}

static void copy_call(const struct call *call, struct call *ret)
{
    *ret = *call;
    for (size_t i = 0; i < call->header_count; i++) {
        const char *text = call->headers[i].text;
        ret->headers[i].text = text == NULL ? NULL : copy(text, strlen(text));
    }
    ret->body = copy(call->body, call->body_size);
}

static int64_t deadline_of(const struct call *call)
{
    for (size_t i = 0; i < call->header_count; i++) {
        if (strcmp(call->headers[i].name, HEADER_DEADLINE) == 0) {
            return call->headers[i].integer;
        }
    }
    return clock_wall_us() / 1000 + LIFETIME_MS;
}

void leftovers_add(struct leftovers *leftovers, const struct call *call)
{
    if (leftovers->count >= COUNT_MAX || leftovers->bytes + call->body_size > BYTES_MAX) {
        log_event(LOG_WARNING, "leftover_given_up", "message=%s message_id=%s",
                  call->contract->name, call->message_id);
        return;
    }
    struct leftover *made = memory_new(1, sizeof(*made));
    copy_call(call, &made->call);
    made->deadline_ms = deadline_of(call);
    made->next = leftovers->first;
    leftovers->first = made;
    leftovers->count++;
    leftovers->bytes += call->body_size;
}

void leftovers_note_loss(struct leftovers *leftovers)
{
    for (struct leftover *each = leftovers->first; each != NULL; each = each->next) {
        each->call.must_resend = true;
        each->due_ms = 0;
    }
}

static struct leftover **find(struct leftovers *leftovers, uint64_t sequence)
{
    struct leftover **place = &leftovers->first;
    while (*place != NULL && ((*place)->call.must_resend || (*place)->call.sequence != sequence)) {
        place = &(*place)->next;
    }
    return place;
}

void leftovers_confirm(struct leftovers *leftovers, uint64_t sequence)
{
    struct leftover **place = find(leftovers, sequence);
    if (*place != NULL) {
        drop(leftovers, place);
    }
}

void leftovers_refuse(struct leftovers *leftovers, uint64_t sequence, int64_t now_ms)
{
    struct leftover *refused = *find(leftovers, sequence);
    if (refused != NULL) {
        refused->call.must_resend = true;
        refused->due_ms = now_ms + PAUSE_MS;
    }
}

static bool publish(struct call *call, struct bus *publisher, const char *reply_to)
{
    const struct bus_message message = call_message(call, reply_to, NULL);
    return bus_publish(publisher, &message, &call->sequence);
}

void leftovers_send(struct leftovers *leftovers, struct bus *publisher, const char *reply_to,
                    int64_t now_ms)
{
    int64_t wall_ms = leftovers->count == 0 ? 0 : clock_wall_us() / 1000;
    struct leftover **place = &leftovers->first;
    while (*place != NULL) {
        struct leftover *each = *place;
        if (each->deadline_ms < wall_ms) {
            drop(leftovers, place);
            continue;
        }
        if (each->call.must_resend && each->due_ms <= now_ms && reply_to != NULL) {
            each->call.must_resend = !publish(&each->call, publisher, reply_to);
        }
        place = &each->next;
    }
}

size_t leftovers_count(const struct leftovers *leftovers)
{
    return leftovers->count;
}
