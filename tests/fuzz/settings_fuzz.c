/* The file of settings with any bytes: what is used are whole names and values of one line. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/settings_file.h"
#include "common/core/settings_production.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static bool use(void *context, const char *name, const char *value,
                struct settings_complaint *complaint)
{
    unsigned *uses = context;
    (*uses)++;
    expect(name[0] != '\0' && strpbrk(name, "= \n") == NULL && strpbrk(value, "\r\n\t") == NULL);
    (void)settings_is_weak_key(value);
    (void)settings_has_known_password(value);
    strcpy(complaint->text, "the last one");
    return strcmp(name, "STOP") != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    expect(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    (void)settings_has_known_password(text);

    char *exact = realloc(text, size == 0 ? 1 : size); /* nothing behind it may be read */
    expect(exact != NULL);
    struct settings_complaint complaint = {.text = ""};
    unsigned uses = 0;
    unsigned line = settings_file_walk(exact, size, use, &uses, &complaint);
    expect((line == 0 || complaint.text[0] != '\0') && uses <= size);
    free(exact);
    return 0;
}
