/* Escaping by place, and what else compiled templates call. */

#include "common/template/render.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "common/core/attributes.h"
#include "common/http/percent.h"
#include "common/json/text.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

void render_init(struct render *render, struct arena *arena, enum language language)
{
    buffer_init(&render->buffer, arena);
    render->language = language;
}

void render_raw(struct render *render, const char *data, size_t size)
{
    buffer_append(&render->buffer, data, size);
}

void render_html(struct render *render, const char *html)
{
    if (html != NULL) {
        buffer_append_text(&render->buffer, html);
    }
}

/* The first byte at or after `text` that is not ASCII, or is one of those that HTML escapes. */
static const char *skip_plain(const char *text, const char *end)
{
    while (text < end && (unsigned char)*text < 0x80 && *text != '&' && *text != '<' &&
           *text != '>' && *text != '"' && *text != '\'') {
        text++;
    }
    return text;
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* The sequence at `text`, or U+FFFD for a byte that begins none; returns the bytes read. */
static size_t append_sequence(struct buffer *buffer, const char *text, const char *end)
{
    size_t size = text_sequence(text, end);
    if (size == 0) {
        buffer_append_text(buffer, replacement);
        return 1;
    }
    buffer_append(buffer, text, size);
    return size;
}

void render_text(struct render *render, const char *text)
{
    struct buffer *buffer = &render->buffer;
    const char *end = text == NULL ? NULL : text + strlen(text);
    while (text < end) {
        const char *next = skip_plain(text, end);
        buffer_append(buffer, text, (size_t)(next - text));
        text = next;
        if (text == end) {
            return;
        }
        const char *entity = entity_of(*text);
        if (entity != NULL) {
            buffer_append_text(buffer, entity);
            text++;
        } else {
            text += append_sequence(buffer, text, end);
        }
    }
}

/* No scheme, or one that only shows something. What a browser would skip within a scheme makes it
 * none of these. */
static bool is_harmless(const char *url)
{
    static const char *const schemes[] = {"http", "https", "mailto"};
    size_t size = strcspn(url, ":/?#");
    if (url[size] != ':') {
        return true;
    }
    for (size_t i = 0; i < ARRAY_COUNT(schemes); i++) {
        if (size == strlen(schemes[i]) && strncasecmp(url, schemes[i], size) == 0) {
            return true;
        }
    }
    return false;
}

/* May it stand in a URL as it is? (RFC 3986, section 2; `%` begins what is encoded already.) */
static bool is_url_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~:/?#[]@!$&'()*+,;=%", c) != NULL);
}

void render_url(struct render *render, const char *text)
{
    struct buffer *buffer = &render->buffer;
    if (text == NULL || !is_harmless(text)) {
        buffer_append_text(buffer, text == NULL ? "" : "#");
        return;
    }
    for (; *text != '\0'; text++) {
        const char *entity = entity_of(*text);
        if (!is_url_character(*text)) {
            percent_encode(text, 1, buffer);
        } else if (entity != NULL) {
            buffer_append_text(buffer, entity);
        } else {
            buffer_append_char(buffer, *text);
        }
    }
}

void render_url_part(struct render *render, const char *text)
{
    if (text != NULL) {
        percent_encode(text, strlen(text), &render->buffer);
    }
}

void render_plain(struct render *render, const char *text)
{
    const char *end = text == NULL ? NULL : text + strlen(text);
    while (text < end) {
        text += append_sequence(&render->buffer, text, end);
    }
}

void render_line(struct render *render, const char *text)
{
    struct buffer *buffer = &render->buffer;
    const char *end = text == NULL ? NULL : text + strlen(text);
    while (text < end) {
        if ((unsigned char)*text > ' ' && *text != '\x7F') {
            text += append_sequence(buffer, text, end);
            continue;
        }
        if (buffer->size > 0 && buffer->data[buffer->size - 1] != ' ') {
            buffer_append_char(buffer, ' ');
        }
        text++;
    }
}

void render_line_end(struct render *render)
{
    struct buffer *buffer = &render->buffer;
    if (buffer->size > 0 && buffer->data[buffer->size - 1] == ' ') {
        buffer->data[--buffer->size] = '\0';
    }
}

void render_integer(struct render *render, int64_t number)
{
    buffer_printf(&render->buffer, "%" PRId64, number);
}

struct buffer render_capture(struct render *render)
{
    struct buffer before = render->buffer;
    buffer_init(&render->buffer, before.arena);
    return before;
}

const char *render_captured(struct render *render, struct buffer before)
{
    const char *text = render->buffer.data;
    render->buffer = before;
    return text == NULL ? "" : text;
}

bool render_is_equal(const char *left, const char *right)
{
    return left == NULL || right == NULL ? left == right : strcmp(left, right) == 0;
}

bool render_contains(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (render_is_equal(texts[i], text)) {
            return true;
        }
    }
    return false;
}

const char *render_concat(struct render *render, const char *left, const char *right)
{
    return arena_printf(render->buffer.arena, "%s%s", left == NULL ? "" : left,
                        right == NULL ? "" : right);
}

const char *render_integer_text(struct render *render, int64_t number)
{
    return arena_printf(render->buffer.arena, "%" PRId64, number);
}
