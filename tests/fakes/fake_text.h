/* Texts that fakes keep: copied into places of their own, so that a copy of a fake is a copy of its
 * world. */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

static inline void fake_text_copy(char *place, size_t size, const char *text)
{
    int length = snprintf(place, size, "%s", text == NULL ? "" : text);
    assert(length >= 0 && (size_t)length < size);
    (void)length;
}
