/* Any Accept-Language header, and any tag. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/language/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    enum language language = language_choose(text);
    if ((int)language < 0 || language >= LANGUAGE_COUNT) {
        abort();
    }
    if (language_from_tag(text, &language) && language >= LANGUAGE_COUNT) {
        abort();
    }
    free(text);
    return 0;
}
