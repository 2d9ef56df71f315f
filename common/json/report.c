/* Paths such as `posts[3].title`. */

#include "common/json/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PATH_SIZE = 256, REPORTS_MAX = 50 };

struct path {
    char text[PATH_SIZE]; /* cut when too long: problem_add cuts further */
    size_t size;
};

static void path_append(struct path *path, const char *text, size_t size)
{
    size_t room = PATH_SIZE - 1 - path->size;
    size_t taken = size < room ? size : room;
    memcpy(path->text + path->size, text, taken);
    path->size += taken;
}

static void path_append_step(struct path *path, const struct json_step *step)
{
    if (step->name == NULL) {
        char index[32];
        int size = snprintf(index, sizeof(index), "[%zu]", step->index);
        path_append(path, index, (size_t)size);
        return;
    }
    if (path->size > 0) {
        path_append(path, ".", 1);
    }
    path_append(path, step->name, step->name_size);
}

/* the first step first; as deep as JSON_DEPTH_MAX */
static void path_build(struct path *path, const struct json_step *step)
{
    if (step->parent != NULL) {
        path_build(path, step->parent); /* NOLINT(misc-no-recursion) */
    }
    path_append_step(path, step);
}

const char *json_report_text(const struct json_report *report, const char *message)
{
    return report->problem == NULL ? message : language_text(report->problem->language, message);
}

void json_report_add(struct json_report *report, const struct json_step *step, const char *format,
                     ...)
{
    report->count++;
    if (report->problem == NULL || report->count > REPORTS_MAX) {
        return;
    }
    struct path path = {.size = 0};
    if (step == NULL) {
        path_append(&path, "body", 4);
    } else {
        path_build(&path, step);
    }
    path.text[path.size] = '\0';
    va_list arguments;
    va_start(arguments, format);
    char *message = arena_vprintf(report->arena, json_report_text(report, format), arguments);
    va_end(arguments);
    problem_add(report->problem, report->arena, path.text, "%s", message);
}
