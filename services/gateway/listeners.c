/* Server-sent events. */

#include "services/gateway/listeners.h"

#include <stdlib.h>

#include "common/core/memory.h"
#include "services/gateway/overview.h"

struct listener {
    struct request *request;
    int64_t due_ms;
    int64_t end_ms;
};

struct listeners {
    struct listener all[LISTENERS_MAX];
    size_t count;
};

struct listeners *listeners_new(void)
{
    struct listeners *listeners = memory_new(1, sizeof(*listeners));
    return listeners;
}

void listeners_free(struct listeners *listeners)
{
    free(listeners);
}

bool listeners_have_room(const struct listeners *listeners)
{
    return listeners->count < LISTENERS_MAX;
}

void listeners_add(struct listeners *listeners, struct request *request, int64_t now_ms)
{
    if (listeners_have_room(listeners)) {
        listeners->all[listeners->count++] = (struct listener){
            .request = request,
            .due_ms = now_ms,
            .end_ms = now_ms + LISTENING_MS,
        };
    }
}

void listeners_remove(struct listeners *listeners, const struct request *request)
{
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->all[i].request == request) {
            listeners->all[i] = listeners->all[--listeners->count];
            return;
        }
    }
}

static void write_event(const struct request *request, struct buffer *buffer)
{
    struct operations_overview overview;
    overview_operations(request->gateway, request->local, buffer->arena, &overview);
    buffer_append_text(buffer, "retry: 1000\nevent: overview\ndata: ");
    json_encode(&operations_overview_object, &overview, buffer);
    buffer_append_text(buffer, "\n\n");
}

static bool is_anybody_due(const struct listeners *listeners, int64_t now_ms)
{
    for (size_t i = 0; i < listeners->count; i++) {
        if (now_ms >= listeners->all[i].due_ms) {
            return true;
        }
    }
    return false;
}

/* The same event for all who are due. */
static void tell(struct listeners *listeners, struct server *server, int64_t now_ms)
{
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct buffer event;
    buffer_init(&event, arena);
    write_event(listeners->all[0].request, &event);
    for (size_t i = 0; i < listeners->count; i++) {
        struct listener *listener = &listeners->all[i];
        if (now_ms < listener->due_ms) {
            continue;
        }
        listener->due_ms = now_ms + LISTENERS_INTERVAL_MS;
        if (!server_stream_write(server, listener->request, event.data, event.size)) {
            listener->end_ms = now_ms;
        }
    }
}

void listeners_tick(struct listeners *listeners, struct server *server, int64_t now_ms)
{
    if (is_anybody_due(listeners, now_ms)) {
        tell(listeners, server, now_ms);
    }
    for (size_t i = 0; i < listeners->count; i++) {
        if (now_ms >= listeners->all[i].end_ms) {
            server_stream_end(server, listeners->all[i].request);
        }
    }
}

void listeners_end(struct listeners *listeners, struct server *server)
{
    for (size_t i = 0; i < listeners->count; i++) {
        server_stream_end(server, listeners->all[i].request);
    }
}
