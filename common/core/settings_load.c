/* Settings from the environment, and from the file of defaults. */

#include "common/core/settings.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/memory.h"
#include "common/core/settings_file.h"
#include "common/core/settings_internal.h"
#include "common/core/settings_production.h"

/* Where a value is put, and what has been found in the file so far. */
struct file_use {
    struct settings checked; /* values are checked, not used */
    bool *is_seen;           /* one for each setting */
};

/* One line, in which no value of a setting may be: it may be a secret. */
static void refuse(const char *format, ...) PRINTF_LIKE(1, 2);
static void refuse(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    exit(EXIT_CONFIGURATION);
}

static bool complain(struct settings_complaint *ret, const struct setting *setting,
                     const char *format, ...) PRINTF_LIKE(3, 4);
static bool complain(struct settings_complaint *ret, const struct setting *setting,
                     const char *format, ...)
{
    int size = snprintf(ret->text, sizeof(ret->text), "%s ", setting->name);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(ret->text + size, sizeof(ret->text) - (size_t)size, format, arguments);
    va_end(arguments);
    return false;
}

static void *place_of(struct settings *settings, const struct setting *setting)
{
    return (char *)settings + setting->offset;
}

static bool set_integer(struct settings *ret, const struct setting *setting, const char *value,
                        struct settings_complaint *complaint)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    bool is_number = errno == 0 && end != value && *end == '\0' && !isspace((unsigned char)*value);
    if (!is_number || number < setting->minimum || number > setting->maximum) {
        return complain(complaint, setting, "must be an integer between %lld and %lld",
                        (long long)setting->minimum, (long long)setting->maximum);
    }
    *(int64_t *)place_of(ret, setting) = number;
    return true;
}

static bool set_choice(struct settings *ret, const struct setting *setting, const char *value,
                       struct settings_complaint *complaint)
{
    char choices[128] = "";
    for (size_t i = 0; i < ARRAY_COUNT(setting->choices) && setting->choices[i] != NULL; i++) {
        if (strcmp(value, setting->choices[i]) == 0) {
            if (setting->is_enum) {
                *(unsigned *)place_of(ret, setting) = (unsigned)i;
            } else {
                *(const char **)place_of(ret, setting) = setting->choices[i];
            }
            return true;
        }
        size_t used = strlen(choices);
        (void)snprintf(choices + used, sizeof(choices) - used, " %s", setting->choices[i]);
    }
    return complain(complaint, setting, "must be one of:%s", choices);
}

static bool set_text(struct settings *ret, const struct setting *setting, const char *value,
                     struct settings_complaint *complaint)
{
    int64_t size = (int64_t)strlen(value);
    if (size < setting->minimum) {
        return size == 0 ? complain(complaint, setting, "must not be empty")
                         : complain(complaint, setting, "must be at least %lld characters long",
                                    (long long)setting->minimum);
    }
    if (size > setting->maximum) {
        return complain(complaint, setting, "must be at most %lld characters long",
                        (long long)setting->maximum);
    }
    *(const char **)place_of(ret, setting) = value;
    return true;
}

static bool set_value(struct settings *ret, const struct setting *setting, const char *value,
                      struct settings_complaint *complaint)
{
    switch (setting->type) {
    case SETTING_TEXT:
        return set_text(ret, setting, value, complaint);
    case SETTING_INTEGER:
        return set_integer(ret, setting, value, complaint);
    case SETTING_CHOICE:
        return set_choice(ret, setting, value, complaint);
    }
    return false;
}

/* Its number in the table, or their count. */
static size_t find_setting(const char *name)
{
    size_t i = 0;
    while (i < settings_count && strcmp(settings_table[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* A line of the file: checked, whoever reads that setting; what the environment has is kept. */
static bool use_default(void *context, const char *name, const char *value,
                        struct settings_complaint *complaint)
{
    struct file_use *use = context;
    size_t number = find_setting(name);
    const char *why = NULL;
    if (number == settings_count) {
        why = "is no setting";
    } else if (use->is_seen[number]) {
        why = "is set twice";
    } else if (strcmp(name, "POSTROOM_ENV") == 0 || strcmp(name, "CONFIG_DIR") == 0) {
        why = "can be set in the environment only: it says which file is read";
    }
    if (why != NULL) {
        (void)snprintf(complaint->text, sizeof(complaint->text), "%.64s %s", name, why);
        return false;
    }
    use->is_seen[number] = true;
    return set_value(&use->checked, &settings_table[number], value, complaint) &&
           setenv(name, value, 0) == 0;
}

/* The bytes of the file, SETTINGS_FILE_SIZE_MAX + 1 of them at most; -1 and errno: none. */
static ssize_t read_file(const char *path, char *place)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return -1;
    }
    size_t size = 0;
    ssize_t got;
    do {
        got = read(file, place + size, SETTINGS_FILE_SIZE_MAX + 1 - size);
        size += got > 0 ? (size_t)got : 0;
    } while (got > 0 || (got < 0 && errno == EINTR));
    int reason = errno;
    close(file);
    errno = reason;
    return got < 0 ? -1 : (ssize_t)size;
}

static void use_text(const char *path, char *text, ssize_t size)
{
    struct settings_complaint complaint = {.text = ""};
    if (size > SETTINGS_FILE_SIZE_MAX) {
        refuse("%s has more than %d bytes", path, SETTINGS_FILE_SIZE_MAX);
    }
    bool *is_seen = memory_new(settings_count, sizeof(*is_seen));
    struct file_use use = {.is_seen = is_seen};
    unsigned line = settings_file_walk(text, (size_t)size, use_default, &use, &complaint);
    if (line != 0) {
        refuse("%s:%u: %s", path, line, complaint.text);
    }
    free(is_seen);
}

/* Nobody has to have the files, unless CONFIG_DIR says that they are there. */
static void use_file(const struct settings *settings)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/%s.env", settings->config_dir, settings->environment);
    char *text = memory_new(1, SETTINGS_FILE_SIZE_MAX + 1);
    ssize_t size = read_file(path, text);
    if (size >= 0) {
        use_text(path, text, size);
        free(text);
        return;
    }
    bool is_optional = getenv("CONFIG_DIR") == NULL && (errno == ENOENT || errno == ENOTDIR);
    const char *reason = strerrordesc_np(errno);
    free(text);
    if (!is_optional) {
        refuse("CONFIG_DIR: %s cannot be read: %s", path, reason);
    }
}

static void load(struct settings *ret, const struct setting *setting)
{
    struct settings_complaint complaint = {.text = ""};
    const char *value = getenv(setting->name);
    if (value == NULL) {
        value = setting->default_value;
    }
    if (value == NULL) {
        refuse("%s is not set", setting->name);
    } else if (!set_value(ret, setting, value, &complaint)) {
        refuse("%s", complaint.text);
    }
}

void settings_load(struct settings *ret, enum settings_reader reader)
{
    *ret = (struct settings){0};
    load(ret, &settings_table[find_setting("POSTROOM_ENV")]);
    load(ret, &settings_table[find_setting("CONFIG_DIR")]);
    use_file(ret);
    for (size_t i = 0; i < settings_count; i++) {
        if ((settings_table[i].readers & reader) != 0) {
            load(ret, &settings_table[i]);
        }
    }
    bool is_production = strcmp(ret->environment, "production") == 0;
    const char *complaint = is_production ? settings_production_complaint(ret) : NULL;
    if (complaint != NULL) {
        refuse("%s", complaint);
    }
    if (ret->secure_cookies == SECURE_COOKIES_AUTO) {
        ret->secure_cookies = is_production ? SECURE_COOKIES_YES : SECURE_COOKIES_NO;
    }
}
