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
