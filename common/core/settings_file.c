/* The text of a file of settings. */

#include "common/core/settings_file.h"

#include <stdio.h>
#include <string.h>

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

static bool refuse(struct settings_complaint *complaint, const char *why)
{
    (void)snprintf(complaint->text, sizeof(complaint->text), "%s", why);
    return false;
}

static bool has_control_characters(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7F) {
            return true;
        }
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ';
}

static bool is_value(const char *value, size_t size)
{
    if (size == 0) {
        return true;
    }
    bool is_quoted = value[0] == '"' || value[0] == '\'';
    return !is_quoted && !is_blank(value[0]) && !is_blank(value[size - 1]);
}

/* `line` is followed by a byte that may be written to. */
static bool use_line(char *line, size_t size, settings_file_use *use, void *context,
                     struct settings_complaint *complaint)
{
    if (has_control_characters(line, size)) {
        return refuse(complaint, "has control characters (tabs and CR are some, too)");
    }
    if (size == 0 || line[0] == '#') {
        return true;
    }
    line[size] = '\0';
    size_t name_size = strspn(line, NAME_CHARACTERS);
    if (name_size == 0 || line[name_size] != '=') {
        return refuse(complaint, "must look like NAME=value, or begin with #");
    }
    const char *value = line + name_size + 1;
    if (!is_value(value, size - name_size - 1)) {
        return refuse(complaint, "has a value with quotes around it, or blanks");
    }
    line[name_size] = '\0';
    return use(context, line, value, complaint);
}

unsigned settings_file_walk(char *text, size_t size, settings_file_use *use, void *context,
                            struct settings_complaint *complaint)
{
    char *end = text + size;
    unsigned number = 0;
    for (char *line = text; line < end;) {
        number++;
        char *line_end = memchr(line, '\n', (size_t)(end - line));
        if (line_end == NULL) {
            (void)refuse(complaint, "must end with a line end");
            return number;
        }
        if (!use_line(line, (size_t)(line_end - line), use, context, complaint)) {
            return number;
        }
        line = line_end + 1;
    }
    return 0;
}
