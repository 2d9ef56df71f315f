/* From the library's connections to requests. */

#include "services/gateway/server_internal.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"
#include "common/http/characters.h"

enum { SPARE_MAX = 256 };

struct exchange *exchange_take(struct exchange_pool *pool, struct MHD_Connection *connection)
{
    struct exchange *exchange = pool->spare;
    if (exchange != NULL) {
        pool->spare = exchange->next_spare;
        pool->spare_count--;
    } else {
        exchange = memory_new(1, sizeof(*exchange));
        exchange->request = request_new(pool->gateway);
    }
    struct request *request = exchange->request;
    request_reset(request);
    *exchange = (struct exchange){.request = request, .connection = connection};
    request->exchange = exchange;
    pool->used_count++;
    return exchange;
}

static void exchange_free(struct exchange *exchange)
{
    request_free(exchange->request);
    free(exchange);
}

void exchange_give_back(struct exchange_pool *pool, struct exchange *exchange)
{
    pool->used_count--;
    if (exchange->stream != NULL) {
        free(exchange->stream->data);
        free(exchange->stream);
        exchange->stream = NULL;
    }
    if (pool->spare_count >= SPARE_MAX) {
        exchange_free(exchange);
        return;
    }
    arena_reset(exchange->request->arena); /* a spare one holds on to no body */
    exchange->next_spare = pool->spare;
    pool->spare = exchange;
    pool->spare_count++;
}

void exchange_pool_clear(struct exchange_pool *pool)
{
    while (pool->spare != NULL) {
        struct exchange *exchange = pool->spare;
        pool->spare = exchange->next_spare;
        exchange_free(exchange);
    }
    pool->spare_count = 0;
}

void exchange_set_target(struct exchange *exchange, const char *target)
{
    struct request *request = exchange->request;
    /* the absolute form, as sent to proxies: RFC 9112, section 3.2.2 */
    if (strncasecmp(target, "http://", 7) == 0 || strncasecmp(target, "https://", 8) == 0) {
        target = strchr(target, ':') + 3;
        target += strcspn(target, "/?");
    }
    size_t path_size = strcspn(target, "?");
    request->http.path = path_size == 0 ? "/" : arena_copy(request->arena, target, path_size);
    if (target[path_size] == '?') {
        request->http.query = arena_strdup(request->arena, target + path_size + 1);
    }
}

struct header_list {
    struct arena *arena;
    struct http_header *headers;
    size_t count;
    size_t capacity;
};

/* White space after a value is no part of it (RFC 9112, section 5); the library leaves it there. */
static const char *trimmed(const char *value, struct arena *arena)
{
    size_t size = strlen(value);
    if (size == 0 || !is_http_space(value[size - 1])) {
        return value;
    }
    while (size > 0 && is_http_space(value[size - 1])) {
        size--;
    }
    return arena_copy(arena, value, size);
}

static enum MHD_Result collect_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                      size_t name_size, const char *value, size_t value_size)
{
    (void)kind;
    (void)value_size;
    struct header_list *list = cls;
    if (list->count < list->capacity) {
        list->headers[list->count++] =
            (struct http_header){.name = name,
                                 .name_size = name_size,
                                 .value = value == NULL ? "" : trimmed(value, list->arena)};
    }
    return MHD_YES;
}

static void collect_headers(struct exchange *exchange)
{
    struct request *request = exchange->request;
    int count = MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, NULL, NULL);
    struct header_list list = {.arena = request->arena, .capacity = count < 0 ? 0 : (size_t)count};
    list.headers = arena_alloc_raw(request->arena, list.capacity * sizeof(*list.headers));
    (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, collect_header, &list);
    request->http.headers = list.headers;
    request->http.header_count = list.count;
}

/* False: the peer has none. */
static bool peer_address(const struct exchange *exchange, struct in6_addr *ret)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info == NULL ? NULL : info->client_addr;
    if (peer != NULL && peer->sa_family == AF_INET) {
        const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)(const void *)peer;
        *ret = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
        memcpy(&ret->s6_addr[12], &ipv4->sin_addr, sizeof(ipv4->sin_addr));
        return true;
    }
    if (peer != NULL && peer->sa_family == AF_INET6) {
        *ret = ((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
        return true;
    }
    return false;
}

static const char *client_address(struct exchange *exchange)
{
    const struct request *request = exchange->request;
    struct in6_addr peer;
    if (!peer_address(exchange, &peer)) {
        return NULL;
    }
    struct in6_addr client;
    proxies_find_client(&request->gateway->proxies, &peer, &request->http, &client);
    proxies_format(&client, exchange->client_address);
    return exchange->client_address;
}

void exchange_set_head(struct exchange *exchange, const char *method, const char *version)
{
    struct request *request = exchange->request;
    request->http.method = arena_strdup(request->arena, method);
    request->http.is_host_required = strcmp(version, "HTTP/1.0") != 0;
    collect_headers(exchange);
    request->http.client_address = client_address(exchange);
}

void exchange_write_response(struct exchange *exchange)
{
    struct request *request = exchange->request;
    const struct http_response *response = &request->response;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct buffer text;
    buffer_init(&text, request->arena);
    buffer_printf(&text, "HTTP/1.1 %d %s\r\n", response->status,
                  MHD_get_reason_phrase_for((unsigned)response->status));
    for (size_t i = 0; i < response->header_count; i++) {
        buffer_printf(&text, "%s: %s\r\n", response->headers[i].name, response->headers[i].value);
    }
    buffer_printf(&text, "Connection: close\r\nContent-Length: %zu\r\n\r\n", response->body_size);
    buffer_append(&text, response->body, response->body_size);
    if (info != NULL) {
        (void)!send(info->connect_fd, text.data, text.size, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

uint64_t exchange_announced_size(const struct exchange *exchange)
{
    const char *text = http_request_header(&exchange->request->http, "Content-Length");
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}
