/* Translated texts with their arguments. */

#include <string.h>

#include "common/template/render.h"

/* The argument whose `%(name)s` begins at `text`, and where that ends; NULL: none does. */
static const struct render_argument *find(const char *text, const struct render_argument *arguments,
                                          size_t count, const char **ret_end)
{
    if (strncmp(text, "%(", 2) != 0) {
        return NULL;
    }
    const char *name = text + 2;
    size_t size = strcspn(name, ")");
    if (strncmp(name + size, ")s", 2) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (strlen(arguments[i].name) == size && strncmp(arguments[i].name, name, size) == 0) {
            *ret_end = name + size + 2;
            return &arguments[i];
        }
    }
    return NULL;
}

void render_message(struct render *render, render_function *write, const char *message,
                    const struct render_argument *arguments, size_t count)
{
    while (*message != '\0') {
        size_t size = strcspn(message, "%");
        const char *end = message + size;
        if (size > 0) {
            write(render, arena_copy(render->buffer.arena, message, size));
        }
        if (*end == '\0') {
            return;
        }
        const struct render_argument *argument = find(end, arguments, count, &message);
        if (argument != NULL) {
            render_html(render, argument->text);
            continue;
        }
        write(render, "%");
        message = end + (end[1] == '%' ? 2 : 1);
    }
}
