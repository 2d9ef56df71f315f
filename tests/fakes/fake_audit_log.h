/* The audit log in memory, for tests: what is written can be looked at. */
#pragma once

#include "ports/audit_log.h"
#include "tests/fakes/fake_user_store.h"

enum { FAKE_CHANGES_MAX = 128, FAKE_CHANGE_TEXT_SIZE = 1024, FAKE_CHANGE_NAME_SIZE = 64 };

struct fake_change {
    int64_t user_id;
    char message[FAKE_CHANGE_NAME_SIZE]; /* "": the ctx is of none */
    enum changed_object object;
    int64_t object_id;
    char label[FAKE_CHANGE_TEXT_SIZE];
    char fields[FAKE_CHANGE_TEXT_SIZE]; /* as JSON */
};

struct fake_audit_log {
    struct audit_log base;
    struct fake_user_store *users;
    struct fake_change changes[FAKE_CHANGES_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_audit_log_init(struct fake_audit_log *ret, struct fake_user_store *users);
