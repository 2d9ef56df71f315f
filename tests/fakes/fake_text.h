/* Texts that fakes keep: copied into places of their own, so that a copy of a fake is a copy of its
 * world; and looked for as people do. */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

static inline void fake_text_copy(char *place, size_t size, const char *text)
{
    int length = snprintf(place, size, "%s", text == NULL ? "" : text);
    assert(length >= 0 && (size_t)length < size);
    (void)length;
}

/* The small letter of one; of what is not ASCII: the second byte of À to Þ in UTF-8. */
static inline char fake_text_lower(const char *text, size_t i)
{
    unsigned char byte = (unsigned char)text[i];
    bool is_letter = byte >= 'A' && byte <= 'Z';
    bool is_accented =
        i > 0 && (unsigned char)text[i - 1] == 0xc3 && byte >= 0x80 && byte <= 0x9e && byte != 0x97;
    return (char)(is_letter || is_accented ? byte + 0x20 : byte);
}

/* Is `part` in `text`, in any case of letters up to Latin-1? NULL and "" are in all. */
static inline bool fake_text_has(const char *text, const char *part)
{
    if (part == NULL || part[0] == '\0') {
        return true;
    }
    for (size_t start = 0; text[start] != '\0'; start++) {
        size_t i = 0;
        while (part[i] != '\0' && text[start + i] != '\0' &&
               fake_text_lower(text + start, i) == fake_text_lower(part, i)) {
            i++;
        }
        if (part[i] == '\0') {
            return true;
        }
    }
    return false;
}
