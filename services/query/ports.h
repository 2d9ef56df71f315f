/* The ports of query-service: what handlers may ask of the world. main.c fills them with adapters,
 * tests with fakes. */
#pragma once

#include "ports/post_reader.h"
#include "ports/user_reader.h"

struct ports {
    struct post_reader *posts;
    struct user_reader *users;
};
