/* Headers of dead letters as JSON. */

#include "common/service/kept_headers.h"

#include <inttypes.h>
#include <string.h>

#include "common/core/buffer.h"
#include "common/json/json.h"
#include "common/service/envelope.h"

static void add_header(const struct bus_header *header, bool (*is_fit)(const char *text),
                       struct buffer *json)
{
    bool is_text = header->kind == BUS_TEXT && is_fit(header->text);
    if (!header_may_be_kept(header->name) || (!is_text && header->kind != BUS_INTEGER)) {
        return;
    }
    buffer_printf(json, "%s\"%s\":", json->size > 1 ? "," : "", header->name);
    if (is_text) {
        json_encode_text(header->text, strlen(header->text), json);
        return;
    }
    buffer_printf(json, "%" PRId64, header->integer);
}

const char *kept_headers_encode(const struct bus_message *message, bool (*is_fit)(const char *text),
                                struct arena *arena)
{
    struct buffer json;
    buffer_init(&json, arena);
    buffer_append_char(&json, '{');
    for (size_t i = 0; i < message->header_count; i++) {
        add_header(&message->headers[i], is_fit, &json);
    }
    buffer_append_char(&json, '}');
    return json.data;
}
