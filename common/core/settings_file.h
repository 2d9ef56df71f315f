/*
 * The text of a file of settings: lines NAME=value, empty lines, comments that begin with #. A
 * value is what stands between = and the end of the line: no quotes, no variables, no blanks at
 * its ends, so that no two readers of such files (a shell, docker, systemd, we) differ on what it
 * says. Any bytes may come in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SETTINGS_FILE_SIZE_MAX = 64 * 1024 };

/* Something is wrong: one sentence without the name of the file, never with a value in it. */
struct settings_complaint {
    char text[256];
};

/* A line; both texts are borrowed. Returns false and a complaint when it cannot be used. */
typedef bool settings_file_use(void *context, const char *name, const char *value,
                               struct settings_complaint *complaint);

/*
 * Use each line of a text in turn; it is cut into pieces. Returns 0, or the number of the first
 * line that is wrong, with the complaint.
 */
unsigned settings_file_walk(char *text, size_t size, settings_file_use *use, void *context,
                            struct settings_complaint *complaint);
