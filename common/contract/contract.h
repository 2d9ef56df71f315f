/*
 * What the build knows of each message, as data: made by contracts/generate from the contracts,
 * walked by the codec, the workers and the gateway. All of it is static and const; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/ctx.h"
#include "common/core/err.h"
#include "common/json/json.h"

enum message_kind { MESSAGE_COMMAND, MESSAGE_QUERY, MESSAGE_EVENT };

/* Which workers serve a message: those that take long, by hashing passwords, sending e-mail or
 * searching much of the database, have workers of their own and hold up nobody else. */
enum worker_pool { POOL_DEFAULT, POOL_PASSWORD, POOL_MAIL, POOL_SEARCH, POOL_COUNT };

/* What a message does to the session it came with. */
enum session_effect { SESSION_UNTOUCHED, SESSION_STARTS, SESSION_ENDS };

enum caller { CALLER_ANYBODY, CALLER_USER, CALLER_STAFF };

struct contract {
    const char *name;  /* "posts.create" */
    const char *title; /* one line, for people */
    enum message_kind kind;
    const char *exchange; /* "postroom.commands" */
    const char *queue;    /* "command.posts.create"; NULL for events */
    enum worker_pool pool;
    enum caller caller;
    enum session_effect session;
    bool is_background;               /* sent by the system, not over HTTP */
    const struct json_object *input;  /* of struct <prefix>_command, _query or _event */
    const struct json_object *result; /* of struct <prefix>_result; NULL for events */
    const enum err *errors;           /* what it may fail with beside the three of every message */
    size_t error_count;
};

/* Handler table of a service: contracts with the function that serves them. */
struct handler {
    const struct contract *contract;
    enum err (*handle)(struct ctx *ctx, const void *input, void *result);
};

/* All messages of all kinds, sorted by name; generated. */
extern const struct contract *const contracts[];
extern const size_t contract_count;

/* The contract of this name, or NULL. */
const struct contract *contract_find(const char *name, size_t size);

/* How a message is reached over HTTP; the gateway's routes are an array of these (generated). */
enum http_method { HTTP_GET, HTTP_POST, HTTP_PATCH, HTTP_DELETE };

struct http_binding {
    const struct contract *contract;
    enum http_method method;
    const char *path; /* "/api/posts/{post_id}": a segment in braces is the field of that name */
    const struct json_object *path_fields;  /* of the input struct; NULL: none */
    const struct json_object *query_fields; /* NULL: none */
    const struct json_object *body_fields;  /* NULL: the request takes no fields in its body */
    int success_status;
    /* What of the result the body shows. `shown` is a view of the value of field `shown_field`
     * (NULL: of the whole result). */
    const char *shown_field;
    const struct json_object *shown; /* NULL: no body (204); for an array field: of its elements */
    bool is_shown_whole;             /* the value's own bytes may be passed on untouched */
    const char *location;            /* "/api/posts/{post.id}" from the result, or NULL */
    /* A UUID in the path and in the result that carries a MAC over HTTP, `<uuid>.<mac>`, so that it
     * cannot be guessed; or NULL. */
    const char *signed_field;
    const char *next_cursor_field; /* "next_cursor": feeds `Link: <…>; rel="next"`, or NULL */
};
