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

const char *render_first_line(struct render *render, const char *text)
{
    return arena_copy(render->buffer.arena, text, strcspn(text, "\r\n"));
}

/* Move the letters from `first` on by `distance`. */
static const char *shift(struct render *render, const char *text, char first, int distance)
{
    char *copy = arena_strdup(render->buffer.arena, text);
    for (char *place = copy; *place != '\0'; place++) {
        if (*place >= first && *place < first + 26) {
            *place = (char)(*place + distance);
        }
    }
    return copy;
}

const char *render_lower(struct render *render, const char *text)
{
    return shift(render, text, 'A', 'a' - 'A');
}

const char *render_upper(struct render *render, const char *text)
{
    return shift(render, text, 'a', 'A' - 'a');
}

const char *render_urlencode(struct render *render, const char *text)
{
    struct buffer encoded;
    buffer_init(&encoded, render->buffer.arena);
    percent_encode(text, strlen(text), &encoded);
    return encoded.data;
}

const char *render_join(struct render *render, const char *const *texts, size_t count,
                        const char *between)
{
    struct buffer joined;
    buffer_init(&joined, render->buffer.arena);
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&joined, i == 0 ? "" : between);
        buffer_append_text(&joined, texts[i]);
    }
    return joined.data == NULL ? "" : joined.data;
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
