/* The ring of unconfirmed outgoing messages. */

#include "common/service/sent.h"

#include <string.h>

bool sent_has_room(const struct sent *sent)
{
    return sent->count + sent->confirmed_count < SENT_MAX;
}

void sent_add(struct sent *sent, uint64_t sequence, const char *message_id)
{
    struct sent_message *message = &sent->messages[(sent->first + sent->count) % SENT_MAX];
    *message = (struct sent_message){.sequence = sequence};
    memcpy(message->message_id, message_id, UUID_TEXT_SIZE);
    sent->count++;
}

static struct sent_message *find(struct sent *sent, uint64_t sequence)
{
    for (size_t i = 0; i < sent->count; i++) {
        struct sent_message *message = &sent->messages[(sent->first + i) % SENT_MAX];
        if (message->sequence == sequence) {
            return message;
        }
    }
    return NULL;
}

void sent_returned(struct sent *sent, uint64_t sequence)
{
    struct sent_message *message = find(sent, sequence);
    if (message != NULL) {
        message->is_returned = true;
    }
}

static void note_confirmed(struct sent *sent, const struct sent_message *message, int64_t now_ms)
{
    if (message->is_returned) {
        return;
    }
    if (sent->confirmed_count == 0) {
        sent->confirmed_since_ms = now_ms;
    }
    memcpy(sent->confirmed[sent->confirmed_count++], message->message_id, UUID_TEXT_SIZE);
}

bool sent_settled(struct sent *sent, uint64_t sequence, bool is_taken, int64_t now_ms)
{
    struct sent_message *message = find(sent, sequence);
    if (message == NULL) {
        return false;
    }
    message->is_settled = true;
    if (is_taken) {
        note_confirmed(sent, message, now_ms);
    }
    while (sent->count > 0 && sent->messages[sent->first].is_settled) {
        sent->first = (sent->first + 1) % SENT_MAX;
        sent->count--;
    }
    return true;
}

void sent_clear(struct sent *sent)
{
    sent->count = 0;
}
