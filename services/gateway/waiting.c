/* The table of waiting calls. */

#include "services/gateway/waiting.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"
#include "services/gateway/ends.h"

enum { NO_SLOT = UINT32_MAX };

struct slot {
    struct call *call; /* NULL: free */
    uint32_t generation;
    uint32_t next_free;
};

struct waiting {
    struct slot *slots;
    size_t capacity;
    size_t count;
    uint32_t first_free;
    struct call *oldest;
    struct call *newest;
    struct ends *ends;
    struct call **publications; /* by the low bits of their sequences, chained */
    size_t publications_mask;
    unsigned char key[crypto_shorthash_KEYBYTES];
};

struct waiting *waiting_new(size_t capacity)
{
    struct waiting *waiting = memory_new(1, sizeof(*waiting));
    waiting->slots = memory_new(capacity, sizeof(*waiting->slots));
    waiting->capacity = capacity;
    for (size_t i = 0; i < capacity; i++) {
        waiting->slots[i].next_free = i + 1 < capacity ? (uint32_t)i + 1 : NO_SLOT;
    }
    waiting->first_free = capacity == 0 ? NO_SLOT : 0;
    waiting->ends = ends_new(capacity);
    size_t size = 1;
    while (size < capacity) {
        size *= 2;
    }
    waiting->publications = memory_new(size, sizeof(struct call *));
    waiting->publications_mask = size - 1;
    randombytes_buf(waiting->key, sizeof(waiting->key));
    return waiting;
}

void waiting_free(struct waiting *waiting)
{
    if (waiting == NULL) {
        return;
    }
    ends_free(waiting->ends);
    free(waiting->publications);
    free(waiting->slots);
    free(waiting);
}

static void write_hex(uint64_t value, size_t digits, char *ret)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < digits; i++) {
        ret[i] = hex[value >> (4 * (digits - 1 - i)) & 15];
    }
}

/* 8 digits of the slot, 8 of its generation, 16 of their keyed digest. */
static void name(const struct waiting *waiting, uint32_t place, char ret[CORRELATION_TEXT_SIZE])
{
    uint32_t identity[2] = {place, waiting->slots[place].generation};
    uint64_t digest;
    crypto_shorthash((unsigned char *)&digest, (const unsigned char *)identity, sizeof(identity),
                     waiting->key);
    write_hex(identity[0], 8, ret);
    write_hex(identity[1], 8, ret + 8);
    write_hex(digest, 16, ret + 16);
    ret[CORRELATION_TEXT_SIZE - 1] = '\0';
}

static void link_newest(struct waiting *waiting, struct call *call)
{
    call->previous = waiting->newest;
    call->next = NULL;
    if (waiting->newest != NULL) {
        waiting->newest->next = call;
    } else {
        waiting->oldest = call;
    }
    waiting->newest = call;
}

static void unlink_call(struct waiting *waiting, struct call *call)
{
    if (call->previous != NULL) {
        call->previous->next = call->next;
    } else {
        waiting->oldest = call->next;
    }
    if (call->next != NULL) {
        call->next->previous = call->previous;
    } else {
        waiting->newest = call->previous;
    }
    call->previous = NULL;
    call->next = NULL;
}

static struct call **publications_like(const struct waiting *waiting, uint64_t sequence)
{
    return &waiting->publications[sequence & waiting->publications_mask];
}

/* Sequences begin with 1; 0 is none. */
static void forget_publication(struct waiting *waiting, struct call *call)
{
    if (call->sequence == 0) {
        return;
    }
    struct call **place = publications_like(waiting, call->sequence);
    while (*place != call) {
        place = &(*place)->next_publication;
    }
    *place = call->next_publication;
    call->sequence = 0;
}

void waiting_note_published(struct waiting *waiting, struct call *call, uint64_t sequence)
{
    forget_publication(waiting, call);
    struct call **place = publications_like(waiting, sequence);
    call->sequence = sequence;
    call->next_publication = *place;
    *place = call;
}

struct call *waiting_find_published(const struct waiting *waiting, uint64_t sequence)
{
    struct call *call = *publications_like(waiting, sequence);
    while (call != NULL && call->sequence != sequence) {
        call = call->next_publication;
    }
    return call;
}

bool waiting_add(struct waiting *waiting, struct call *call)
{
    uint32_t place = waiting->first_free;
    if (place == NO_SLOT) {
        return false;
    }
    struct slot *slot = &waiting->slots[place];
    waiting->first_free = slot->next_free;
    slot->call = call;
    slot->generation++;
    call->slot = place;
    call->sequence = 0;
    name(waiting, place, call->correlation_id);
    link_newest(waiting, call);
    ends_add(waiting->ends, call);
    waiting->count++;
    return true;
}

void waiting_remove(struct waiting *waiting, struct call *call)
{
    struct slot *slot = &waiting->slots[call->slot];
    slot->call = NULL;
    slot->next_free = waiting->first_free;
    waiting->first_free = call->slot;
    unlink_call(waiting, call);
    forget_publication(waiting, call);
    ends_remove(waiting->ends, call);
    waiting->count--;
}

void waiting_set_end(struct waiting *waiting, struct call *call, int64_t expires_ms)
{
    ends_remove(waiting->ends, call);
    call->expires_ms = expires_ms;
    ends_add(waiting->ends, call);
}

struct call *waiting_find(const struct waiting *waiting, const char *correlation_id)
{
    char digits[8 + 1] = {0};
    if (correlation_id == NULL || strlen(correlation_id) != CORRELATION_TEXT_SIZE - 1) {
        return NULL;
    }
    memcpy(digits, correlation_id, 8);
    unsigned long place = strtoul(digits, NULL, 16);
    if (place >= waiting->capacity || waiting->slots[place].call == NULL) {
        return NULL;
    }
    struct call *call = waiting->slots[place].call;
    return sodium_memcmp(call->correlation_id, correlation_id, CORRELATION_TEXT_SIZE) == 0 ? call
                                                                                           : NULL;
}

struct call *waiting_first_to_end(const struct waiting *waiting)
{
    return ends_first(waiting->ends);
}

struct call *waiting_oldest(const struct waiting *waiting)
{
    return waiting->oldest;
}

size_t waiting_count(const struct waiting *waiting)
{
    return waiting->count;
}
