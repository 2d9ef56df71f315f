/* Files from memory. */

#include "services/gateway/pages/asset.h"

#include <string.h>

#include "common/http/accept_encoding.h"
#include "common/http/message.h"
#include "services/gateway/api/respond.h"
#include "services/gateway/request.h"
#include "services/gateway/security_headers.h"

const struct asset *asset_find(const char *path)
{
    size_t first = 0;
    size_t end = asset_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = strcmp(path, assets[middle].path);
        if (order == 0) {
            return &assets[middle];
        }
        first = order > 0 ? middle + 1 : first;
        end = order > 0 ? end : middle;
    }
    return NULL;
}

static bool read_head(struct request *request)
{
    request_identify(request);
    request->route = asset_find(request->http.path)->path;
    return false;
}

static bool is_known(const struct request *request, const char *etag)
{
    const char *value = http_request_header(&request->http, "If-None-Match");
    return value != NULL && strstr(value, etag) != NULL;
}

static bool is_taken_packed(const struct request *request, const struct asset *asset)
{
    const char *accepted = http_request_header(&request->http, "Accept-Encoding");
    return asset->gzip != NULL && accept_encoding_has(accepted, "gzip");
}

static void set_body(struct request *request, const struct asset *asset)
{
    struct http_response *response = &request->response;
    bool is_packed = is_taken_packed(request, asset);
    const char *data = is_packed ? asset->gzip : asset->data;
    response->body = data;
    response->body_size = (size_t)((is_packed ? asset->gzip_end : asset->data_end) - data);
    if (is_packed) {
        http_response_add(response, "Content-Encoding", "gzip");
    }
}

static void add_security_headers(struct request *request, const struct asset *asset)
{
    if (asset->content_policy != NULL) {
        security_headers_add(request, asset->content_policy);
    } else if (strncmp(asset->content_type, "text/html", strlen("text/html")) == 0) {
        security_headers_add_for_page(request);
    } else {
        security_headers_add_for_data(request);
    }
}

static void begin(struct request *request)
{
    const struct asset *asset = asset_find(request->http.path);
    struct http_response *response = &request->response;
    if (respond_unless_safe(request)) {
        return;
    }
    const char *etag = is_taken_packed(request, asset) ? asset->gzip_etag : asset->etag;
    response->status = is_known(request, etag) ? 304 : 200;
    if (response->status == 200) {
        set_body(request, asset);
        http_response_add(response, "Content-Type", asset->content_type);
    }
    http_response_add(response, "ETag", etag);
    http_response_add(response, "Vary", "Accept-Encoding");
    http_response_add(response, "Cache-Control",
                      asset->is_lasting ? "public, max-age=31536000, immutable" : "no-cache");
    http_response_add(response, "X-Request-ID", request->id);
    add_security_headers(request, asset);
}

static void take(struct request *request, struct call *call, enum call_outcome outcome,
                 const struct bus_message *reply)
{
    (void)request; /* an asset asks nobody */
    (void)call;
    (void)outcome;
    (void)reply;
}

const struct responder asset_responder = {.read_head = read_head, .begin = begin, .take = take};
