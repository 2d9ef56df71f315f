/*
 * The ordinary world of a command's test: Ann and Bob are users, Ann acts, nothing is written or
 * sent yet. Everything in it can be looked at and changed before the command is handled.
 */
#pragma once

#include "ctx.h"
#include "ports.h"
#include "tests/fakes/fake_audit_log.h"
#include "tests/fakes/fake_dead_letter_store.h"
#include "tests/fakes/fake_job_store.h"
#include "tests/fakes/fake_login_attempts.h"
#include "tests/fakes/fake_mailer.h"
#include "tests/fakes/fake_password_hasher.h"
#include "tests/fakes/fake_post_store.h"
#include "tests/fakes/fake_session_store.h"
#include "tests/fakes/fake_user_store.h"
#include "tests/support/check_main.h"

enum { ANN = 1, BOB = 2 };

#define ANNS_PASSWORD "correct horse"
#define MESSAGE_ID "018f3c5e-7b1a-7c00-8000-0123456789ab"

/* Digests of session tokens. */
#define OLD_SESSION "0000000000000000000000000000000000000000000000000000000000000001"
#define NEW_SESSION "0000000000000000000000000000000000000000000000000000000000000002"

struct world {
    struct fake_post_store posts;
    struct fake_user_store users;
    struct fake_session_store sessions;
    struct fake_login_attempts login_attempts;
    struct fake_password_hasher passwords;
    struct fake_mailer mailer;
    struct fake_dead_letter_store dead_letters;
    struct fake_audit_log audit;
    struct fake_job_store jobs;
    struct ports ports;
    struct ctx ctx;
};

extern struct world world;

void world_setup(void);
void world_teardown(void);

/* Who acts is a member of the staff, or a superuser, from now on. */
void world_act_as_staff(void);
void world_act_as_superuser(void);
/* How many messages the handler has sent. */
size_t world_sent_count(void);
/* The fields, as JSON, of the command or event of this name that it has sent; NULL: none. */
const char *world_sent(const char *name);
/* The first message about this field of the input; NULL: none. */
const char *world_field_error(const char *field);
