/*
 * An HTTP request and its response as plain data: what the server adaptor hands to the code that
 * decides, and gets back. Texts are NUL-terminated and live as long as the request's arena.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct http_header {
    const char *name;
    size_t name_size;
    const char *value;
};

struct http_request {
    const char *method;
    const char *path;  /* as sent, percent-encoded, without the query string */
    const char *query; /* as sent, without the "?"; NULL: none */
    const struct http_header *headers;
    size_t header_count;
    bool is_host_required;      /* by HTTP/1.1 */
    const char *client_address; /* the peer's, or what trusted proxies say (proxies.h); or NULL */
    const char *body;
    size_t body_size; /* all bytes that came, also those that were not kept */
};

enum { HTTP_RESPONSE_HEADERS_MAX = 32 };

struct http_response {
    int status;
    struct http_header headers[HTTP_RESPONSE_HEADERS_MAX];
    size_t header_count;
    const char *body;
    size_t body_size;
    bool is_stream; /* there is no body: it comes bit by bit, from whoever has it */
};

/* The value of the first header of this name (in any case of letters), or NULL. */
const char *http_request_header(const struct http_request *request, const char *name);

/* How many headers have this name. */
size_t http_request_header_count(const struct http_request *request, const char *name);

/* Do the headers say twice, or not at all, how long the body is or for which host it is? A mistake
 * or an attack (RFC 9112, sections 3.2 and 6.3). */
bool http_request_is_ambiguous(const struct http_request *request);

/* Add a header; both texts are borrowed until the response has been sent. */
void http_response_add(struct http_response *response, const char *name, const char *value);

/* The value of a header of the response, or NULL. */
const char *http_response_header(const struct http_response *response, const char *name);
