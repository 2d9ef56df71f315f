/*
 * Every way a message can fail, in one table: it feeds the wire (code), HTTP (status, title) and
 * the rule of what is done with a failed message. OK is 0.
 *
 *   LASTING  the outcome of this message for good: stored under its identity and replayed
 *   ANSWERED told to the caller, noted for those who ask for its state, and not replayed: the same
 *            identity may be sent again
 *   PASSING  trouble of ours: nothing stored, the message is tried again
 */
#pragma once

#include <stdbool.h>

#include "common/core/attributes.h"

enum err_disposition { ERR_LASTING, ERR_ANSWERED, ERR_PASSING };

/* name, wire code, HTTP status, disposition, title */
#define ERR_TABLE(X)                                                                               \
    X(INVALID_INPUT, "invalid_input", 400, ANSWERED, "The input is not valid")                     \
    X(USER_ALREADY_EXISTS, "user_already_exists", 400, LASTING, "The user already exists")         \
    X(AUTHENTICATION_FAILED, "authentication_failed", 401, LASTING, "Authentication failed")       \
    X(ACCESS_DENIED, "access_denied", 403, LASTING, "Access denied")                               \
    X(NOT_FOUND, "not_found", 404, LASTING, "Not found")                                           \
    X(METHOD_NOT_ALLOWED, "method_not_allowed", 405, ANSWERED, "Method not allowed")               \
    X(PAYLOAD_TOO_LARGE, "payload_too_large", 413, ANSWERED, "The payload is too large")           \
    X(UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", 415, ANSWERED, "Unsupported media type")   \
    X(IDEMPOTENCY_MISMATCH, "idempotency_mismatch", 422, ANSWERED,                                 \
      "The identity belongs to another message")                                                   \
    X(TOO_MANY_ATTEMPTS, "too_many_attempts", 429, ANSWERED, "Too many attempts")                  \
    X(UNAVAILABLE, "unavailable", 503, PASSING, "The service is unavailable")                      \
    X(EXPIRED, "expired", 503, ANSWERED, "The deadline has passed")                                \
    X(INTERNAL, "internal", 500, ANSWERED, "Internal error")

enum err {
    OK = 0,
#define ERR_ENUM(name, code, status, disposition, title) ERR_##name,
    ERR_TABLE(ERR_ENUM)
#undef ERR_ENUM
        ERR_COUNT
};

struct err_info {
    const char *name; /* "NOT_FOUND" */
    const char *code; /* "not_found" */
    int http_status;
    enum err_disposition disposition;
    const char *title;
};

/* What is known of an error; static. `err` must not be OK. */
const struct err_info *err_info(enum err err);

/* The error with this wire code, or OK when there is none. */
enum err err_from_code(const char *code);

/* May the same identity come again after this failure: corrected, in time, or when all is well?
 * Otherwise it is the end of it, once nobody tries any more. `err` must not be OK. */
bool err_may_come_again(enum err err);

/* Leave the function with the error of a call that failed. The only macro that hides control flow.
 */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum err try_err_ = (call);                                                                \
        if (try_err_ != OK) {                                                                      \
            return try_err_;                                                                       \
        }                                                                                          \
    } while (0)
