/* The audit log to be read, in memory, for tests. */
#pragma once

#include "ports/change_reader.h"

enum { FAKE_READ_CHANGES_MAX = 32, FAKE_CHANGE_TEXT_SIZE = 1024 };

/* An entry with one changed field. */
struct fake_read_change {
    int64_t id;
    int64_t changed_at;
    int64_t object_id;
    char field[FAKE_CHANGE_TEXT_SIZE];
    char old[FAKE_CHANGE_TEXT_SIZE]; /* "": null */
    char new[FAKE_CHANGE_TEXT_SIZE];
};

struct fake_change_reader {
    struct change_reader base;
    struct fake_read_change changes[FAKE_READ_CHANGES_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_change_reader_init(struct fake_change_reader *ret);
/* ann@example.org (1) has changed the e-mail address of the user `object_id`; valid as long as the
 * reader. */
struct fake_read_change *fake_change_reader_add(struct fake_change_reader *reader,
                                                int64_t object_id, int64_t changed_at);
