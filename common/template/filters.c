/* The filters of templates that look at texts. */

#include "common/template/filters.h"

#include <inttypes.h>
#include <string.h>

#include "common/http/percent.h"
#include "common/json/text.h"

/* Step over the character at `text`; a byte that begins none counts as one. */
static const char *next_character(const char *text, const char *end)
{
    size_t size = text_sequence(text, end);
    return text + (size == 0 ? 1 : size);
}

size_t render_length(const char *text)
{
    size_t length = 0;
    for (const char *end = text + strlen(text); text < end; length++) {
        text = next_character(text, end);
    }
    return length;
}

const char *render_truncate(struct render *render, const char *text, int64_t characters)
{
    const char *end = text + strlen(text);
    const char *next = text;
    const char *cut = text; /* behind all but the last character allowed */
    for (int64_t i = 0; i < characters && next < end; i++) {
        cut = next;
        next = next_character(next, end);
    }
    if (next == end) {
        return text;
    }
    return arena_printf(render->buffer.arena, "%.*s…", (int)(cut - text), text);
}

const char *render_urlencode(struct render *render, const char *text)
{
    struct buffer encoded;
    buffer_init(&encoded, render->buffer.arena);
    percent_encode(text, strlen(text), &encoded);
    return encoded.data;
}

const char *render_label(struct render *render, const char *text)
{
    char *label = arena_strdup(render->buffer.arena, text);
    for (char *place = label; *place != '\0'; place++) {
        if (*place == '_') {
            *place = ' ';
        }
    }
    if (*label >= 'a' && *label <= 'z') {
        *label = (char)(*label - 'a' + 'A');
    }
    return language_text(render->language, label);
}
