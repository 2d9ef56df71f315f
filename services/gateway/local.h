/*
 * What a loop knows by itself, without asking a message: for responders that tell how things are.
 * Each loop has one; its requests point to it. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct broker;
struct listeners;
struct reports;

struct local {
    struct broker *broker;
    struct reports *reports;
    int64_t now_ms; /* monotonic; of this turn */
    bool is_draining;
    struct listeners *listeners;
};
