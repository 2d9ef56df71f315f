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
    const struct contract *contract;
    char message_id[UUID_TEXT_SIZE];
    char correlation_id[CORRELATION_TEXT_SIZE];
    struct bus_header headers[CALL_HEADERS_MAX];
    size_t header_count;
    char *body;
    size_t body_size;
    int64_t deadline_ms; /* wall clock */
    int64_t due_ms;      /* monotonic; when must_send */
    uint64_t sequence;
    bool must_send;
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
    *place = gone->next;
    leftovers->count--;
    leftovers->bytes -= gone->body_size;
    for (size_t i = 0; i < gone->header_count; i++) {
        free((char *)gone->headers[i].text);
    }
    free(gone->body);
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

void leftovers_add(struct leftovers *leftovers, const struct call *call)
{
    if (leftovers->count >= COUNT_MAX || leftovers->bytes + call->body_size > BYTES_MAX) {
        log_event(LOG_WARNING, "leftover_given_up", "message=%s message_id=%s",
                  call->contract->name, call->message_id);
        return;
    }
    struct leftover *made = memory_new(1, sizeof(*made));
    made->contract = call->contract;
    memcpy(made->message_id, call->message_id, sizeof(made->message_id));
    memcpy(made->correlation_id, call->correlation_id, sizeof(made->correlation_id));
    made->deadline_ms = clock_wall_us() / 1000 + LIFETIME_MS;
    for (size_t i = 0; i < call->header_count; i++) {
        struct bus_header *header = &made->headers[made->header_count++];
        *header = call->headers[i];
        header->text = header->text == NULL ? NULL : copy(header->text, strlen(header->text));
        if (strcmp(header->name, HEADER_DEADLINE) == 0) {
            made->deadline_ms = header->integer;
        }
    }
    made->body = copy(call->body, call->body_size);
    made->body_size = call->body_size;
    made->sequence = call->sequence;
    made->must_send = call->must_resend;
    made->next = leftovers->first;
    leftovers->first = made;
    leftovers->count++;
    leftovers->bytes += made->body_size;
}

void leftovers_note_loss(struct leftovers *leftovers)
{
    for (struct leftover *each = leftovers->first; each != NULL; each = each->next) {
        each->must_send = true;
        each->due_ms = 0;
    }
}

static struct leftover **find(struct leftovers *leftovers, uint64_t sequence)
{
    struct leftover **place = &leftovers->first;
    while (*place != NULL && ((*place)->must_send || (*place)->sequence != sequence)) {
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
        refused->must_send = true;
        refused->due_ms = now_ms + PAUSE_MS;
    }
}

static bool publish(struct leftover *leftover, struct bus *publisher, const char *reply_to)
{
    const struct bus_message message = {
        .exchange = leftover->contract->exchange,
        .routing_key = leftover->contract->name,
        .type = leftover->contract->name,
        .content_type = CONTENT_TYPE_JSON,
        .message_id = leftover->message_id,
        .correlation_id = leftover->correlation_id,
        .reply_to = reply_to,
        .headers = leftover->headers,
        .header_count = leftover->header_count,
        .body = leftover->body,
        .body_size = leftover->body_size,
        .is_persistent = true,
        .is_mandatory = true,
    };
    return bus_publish(publisher, &message, &leftover->sequence);
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
        if (each->must_send && each->due_ms <= now_ms && reply_to != NULL) {
            each->must_send = !publish(each, publisher, reply_to);
        }
        place = &each->next;
    }
}

size_t leftovers_count(const struct leftovers *leftovers)
{
    return leftovers->count;
}
