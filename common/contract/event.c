/* The CloudEvents envelope. */

#include "common/contract/event.h"

#include <string.h>

#include "common/core/clock.h"

void event_encode(const struct contract *contract, const char *id, int64_t time_us,
                  const void *value, struct buffer *buffer)
{
    char time[CLOCK_TEXT_SIZE];
    clock_format(time_us, time);
    buffer_append_text(buffer, "{\"specversion\":\"1.0\",\"id\":");
    json_encode_text(id, strlen(id), buffer);
    buffer_append_text(buffer, ",\"source\":\"urn:postroom\",\"type\":");
    json_encode_text(contract->name, strlen(contract->name), buffer);
    buffer_append_text(buffer, ",\"time\":\"");
    buffer_append_text(buffer, time);
    buffer_append_text(buffer, "\",\"datacontenttype\":\"application/json\",\"data\":");
    json_encode(contract->input, value, buffer);
    buffer_append_char(buffer, '}');
}
