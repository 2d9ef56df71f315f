/* The ports of command-service: what handlers may ask of the world. main.c fills them with
 * adapters, tests with fakes. */
#pragma once

#include "ports/audit_log.h"
#include "ports/dead_letter_store.h"
#include "ports/job_store.h"
#include "ports/login_attempts.h"
#include "ports/mailer.h"
#include "ports/password_hasher.h"
#include "ports/post_store.h"
#include "ports/session_store.h"
#include "ports/user_store.h"

struct ports {
    struct post_store *posts;
    struct user_store *users;
    struct session_store *sessions;
    struct login_attempts *login_attempts;
    struct password_hasher *passwords;
    struct mailer *mailer;
    struct dead_letter_store *dead_letters;
    struct audit_log *audit;
    struct job_store *jobs;
};
