/* A bus in memory that notes what is delivered to it, for tests: what the rest of the system would
 * see. */
#pragma once

#include "common/bus/memory_bus.h"

enum { LISTENER_MAX = 256, LISTENER_TEXT_SIZE = 256 };

struct heard {
    char name[LISTENER_TEXT_SIZE]; /* routing key */
    char message_id[LISTENER_TEXT_SIZE];
    char content_type[LISTENER_TEXT_SIZE];
    char body[LISTENER_TEXT_SIZE];
    bool is_persistent;
};

struct listener {
    struct bus *bus;
    struct heard heard[LISTENER_MAX];
    size_t count;
};

/* Consumes `queue` of the broker with the topology; acks everything. */
void listener_open(struct listener *ret, struct memory_broker *broker,
                   const struct topology *topology, const char *queue);
void listener_close(struct listener *listener);
/* Take in what has come. */
void listener_poll(struct listener *listener);
