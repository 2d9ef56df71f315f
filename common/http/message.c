/* Headers of requests and responses. */

#include "common/http/message.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static const char *find(const struct http_header *headers, size_t count, const char *name)
{
    size_t name_size = strlen(name);
    for (size_t i = 0; i < count; i++) {
        if (headers[i].name_size == name_size && strcasecmp(headers[i].name, name) == 0) {
            return headers[i].value;
        }
    }
    return NULL;
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    return find(request->headers, request->header_count, name);
}

size_t http_request_header_count(const struct http_request *request, const char *name)
{
    size_t name_size = strlen(name);
    size_t found = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        found += header->name_size == name_size && strcasecmp(header->name, name) == 0;
    }
    return found;
}

bool http_request_is_ambiguous(const struct http_request *request)
{
    const char *coding = http_request_header(request, "Transfer-Encoding");
    size_t hosts = http_request_header_count(request, "Host");
    return http_request_header_count(request, "Content-Length") +
                   http_request_header_count(request, "Transfer-Encoding") >
               1 ||
           (coding != NULL && strcasecmp(coding, "chunked") != 0) || hosts > 1 ||
           (hosts == 0 && request->is_host_required);
}

void http_response_add(struct http_response *response, const char *name, const char *value)
{
    assert(response->header_count < HTTP_RESPONSE_HEADERS_MAX);
    response->headers[response->header_count++] =
        (struct http_header){.name = name, .name_size = strlen(name), .value = value};
}

const char *http_response_header(const struct http_response *response, const char *name)
{
    return find(response->headers, response->header_count, name);
}
