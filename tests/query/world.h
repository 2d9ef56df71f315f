/*
 * The ordinary world of a query's test: Ann and Bob are users, Ann asks, there are no posts yet.
 * Everything in it can be looked at and changed before the query is handled.
 */
#pragma once

#include "ctx.h"
#include "ports.h"
#include "tests/fakes/fake_change_reader.h"
#include "tests/fakes/fake_command_states.h"
#include "tests/fakes/fake_job_reader.h"
#include "tests/fakes/fake_letter_reader.h"
#include "tests/fakes/fake_post_reader.h"
#include "tests/fakes/fake_session_reader.h"
#include "tests/fakes/fake_user_reader.h"
#include "tests/support/check_main.h"

enum { ANN = 1, BOB = 2 };

struct world {
    struct fake_change_reader changes;
    struct fake_command_states commands;
    struct fake_job_reader jobs;
    struct fake_letter_reader letters;
    struct fake_post_reader posts;
    struct fake_session_reader sessions;
    struct fake_user_reader users;
    struct ports ports;
    struct ctx ctx;
};

extern struct world world;

void world_setup(void);
void world_teardown(void);

/* A new post; its id. Ids begin at 1. */
int64_t world_add_post(int64_t author_id, enum post_status status);
