/* The ports of query-service: what handlers may ask of the world. main.c fills them with adapters,
 * tests with fakes. */
#pragma once

#include "ports/change_reader.h"
#include "ports/command_states.h"
#include "ports/job_reader.h"
#include "ports/letter_reader.h"
#include "ports/post_reader.h"
#include "ports/session_reader.h"
#include "ports/user_reader.h"

struct ports {
    struct change_reader *changes;
    struct command_states *commands;
    struct job_reader *jobs;
    struct letter_reader *letters;
    struct post_reader *posts;
    struct session_reader *sessions;
    struct user_reader *users;
};
