/*
 * One message, one ctx: all that a handler, its rules and the adapters it calls may know of the
 * message at work. Made by the worker for each delivery, gone with the reply. One thread. "ctx" in
 * a header means: lives until the reply is sent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/err.h"
#include "common/core/problem.h"

struct contract; /* contracts: contract.h */
struct ports;    /* each service has its own: ports.h */
struct outgoing; /* messages to be sent once the transaction has committed: outgoing.h */

enum { NOBODY = 0 };               /* ctx.user_id of an anonymous caller: ids begin at 1 */
enum { DIGEST_HEX_SIZE = 64 + 1 }; /* SHA-256 in lower-case hex and NUL */

struct ctx;

/* What a command leaves behind when it fails, though its effect is undone: written by its unit of
 * work once that has been undone, with the failure when that is stored. ctx. */
struct aftermath {
    enum err (*write)(struct ctx *ctx, const struct aftermath *self);
    const struct aftermath *next;
};

struct ctx {
    struct arena *arena;
    const struct ports *ports;
    const struct contract *contract; /* of the message at work */

    int64_t user_id;            /* the active user who acts, or NOBODY */
    bool is_staff;              /* who acts is a member of the staff … */
    bool is_superuser;          /* … and may make others one */
    const char *message_id;     /* UUID in lower case; NULL only for queries that came without */
    const char *session;        /* digest of the session the message came with, or NULL */
    const char *new_session;    /* digest of the session to start, or NULL: start none */
    int64_t session_user_id;    /* whose session this message has started; NOBODY: none */
    const char *client_address; /* or NULL */
    const char *language;       /* or NULL: as Accept-Language has it */
    const char *traceparent;    /* or NULL: W3C Trace Context */
    int64_t deadline_ms;        /* Unix time; 0: none */
    int64_t now_us;             /* wall clock at the start of the message */

    bool is_fate_unknown;   /* a commit was begun and never answered: only another try can tell */
    struct problem problem; /* filled in by ctx_fail and ctx_invalid, in the caller's language */
    const struct aftermath *aftermath;
    struct outgoing *outgoing;
    struct outgoing **outgoing_end;
};

/* Prepare a ctx for one message; everything else is zero. */
void ctx_init(struct ctx *ctx, struct arena *arena, const struct ports *ports,
              const struct contract *contract);

/* Fail with the reason for the caller: `return ctx_fail(ctx, ERR_NOT_FOUND, "no post %" PRId64,
 * id);` The format is translated (./dev messages finds it). Returns err. */
enum err ctx_fail(struct ctx *ctx, enum err err, const char *format, ...) PRINTF_LIKE(3, 4);

/* Note what is wrong with a field. More than one may be noted; returns ERR_INVALID_INPUT. */
enum err ctx_invalid(struct ctx *ctx, const char *field, const char *format, ...) PRINTF_LIKE(3, 4);

/* Should the command fail for good, write this all the same. */
void ctx_leave(struct ctx *ctx, struct aftermath *aftermath);
/* Write what was left; nothing when nothing was. */
MUST_CHECK enum err ctx_write_aftermath(struct ctx *ctx);

/* ERR_ACCESS_DENIED for an anonymous caller. */
MUST_CHECK enum err ctx_require_user(struct ctx *ctx);

/* ERR_ACCESS_DENIED for a caller who is anonymous or no member of the staff. */
MUST_CHECK enum err ctx_require_staff(struct ctx *ctx);
