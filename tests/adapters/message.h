/* A message at work, for the suites of ports: its ctx, envelope and fingerprint. */
#pragma once

#include <string.h>

#include "common/contract/contract.h"
#include "common/core/arena.h"
#include "common/service/envelope.h"

#define DIGEST_OF_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_OF_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define DIGEST_OF_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

struct message {
    struct arena *arena;
    struct ctx ctx;
    struct envelope envelope;
    unsigned char fingerprint[32];
};

/* A new message with an identity of its own, from nobody. */
static inline void message_open(struct message *ret, const struct contract *contract)
{
    memset(ret, 0, sizeof(*ret));
    ret->arena = arena_new();
    ctx_init(&ret->ctx, ret->arena, NULL, contract);
    uuid_new(ret->envelope.message_id);
    ret->ctx.message_id = ret->envelope.message_id;
    memset(ret->fingerprint, 7, sizeof(ret->fingerprint));
}

/* The same message once more, as a broker delivers it again. */
static inline void message_repeat(struct message *ret, const struct message *first)
{
    message_open(ret, first->ctx.contract);
    ret->envelope = first->envelope;
}

static inline void message_close(struct message *message)
{
    arena_free(message->arena);
}
