/* Responses, as the library takes them. */

#include "services/gateway/server_internal.h"

#include <string.h>

#include "common/core/memory.h"

enum { STREAM_BLOCK = 8 * 1024 };

static enum MHD_Result add_headers(const struct server *server, const struct http_response *from,
                                   struct MHD_Response *to)
{
    for (size_t i = 0; i < from->header_count; i++) {
        if (!MHD_add_response_header(to, from->headers[i].name, from->headers[i].value)) {
            return MHD_NO;
        }
    }
    return server->is_draining ? MHD_add_response_header(to, "Connection", "close") : MHD_YES;
}

/* Called whenever the connection takes more. */
static ssize_t read_stream(void *cls, uint64_t position, char *place, size_t room)
{
    (void)position;
    struct exchange *exchange = cls;
    struct stream *stream = exchange->stream;
    size_t size = stream->size - stream->sent;
    if (size == 0 && stream->is_ended) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (size == 0) {
        exchange->is_suspended = true;
        MHD_suspend_connection(exchange->connection);
        return 0;
    }
    size = size < room ? size : room;
    memcpy(place, stream->data + stream->sent, size);
    stream->sent += size;
    return (ssize_t)size;
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
    const struct http_response *from = &exchange->request->response;
    if (!from->is_stream) {
        /* the body is the arena's and stays until on_completed; the library does not write to it */
        return MHD_create_response_from_buffer(from->body_size, (void *)(uintptr_t)from->body,
                                               MHD_RESPMEM_PERSISTENT);
    }
    exchange->stream = memory_new(1, sizeof(*exchange->stream));
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, exchange,
                                             NULL);
}

enum MHD_Result server_send_response(const struct server *server, struct exchange *exchange)
{
    const struct http_response *from = &exchange->request->response;
    struct MHD_Response *response = make_response(exchange);
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result result = add_headers(server, from, response);
    if (result == MHD_YES) {
        result = MHD_queue_response(exchange->connection, (unsigned)from->status, response);
    }
    MHD_destroy_response(response);
    return result;
}
