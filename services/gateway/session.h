/*
 * Sessions as the browser knows them. The token is 256 random bits (base64url) in a cookie or as a
 * bearer; only its digest goes over a queue. An unknown, ended or foul token makes an anonymous
 * caller.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/contract/contract.h"
#include "common/core/arena.h"
#include "common/core/digest.h"
#include "common/http/message.h"

struct gateway;

enum { SESSION_TOKEN_SIZE = 43 + 1, SESSION_TOKEN_MAX = 128 };

struct session {
    char caller[DIGEST_HEX_SIZE];   /* digest of the token the request came with; "": anonymous */
    char token[SESSION_TOKEN_SIZE]; /* of the session to start; "": none */
    char started[DIGEST_HEX_SIZE];  /* its digest */
};

/* Who calls: Authorization, whatever it holds, goes before the cookie. */
void session_read(struct session *session, const struct gateway *gateway,
                  const struct http_request *http);

/* A digest of who calls: of the session, without one of the address. For this process's own use. */
uint64_t session_caller_digest(const struct session *session, const struct gateway *gateway,
                               const struct http_request *http);

/* Make the token of a session to start. */
void session_begin(struct session *session);

/* Is the caller to be shown the token in the body (`Prefer: token`)? */
bool session_is_token_wanted(const struct http_request *http);

/* What a message does to its session, for the browser: it gets the new token, or loses the old one.
 */
void session_apply(const struct session *session, enum session_effect effect,
                   const struct gateway *gateway, struct arena *arena,
                   struct http_response *response);
