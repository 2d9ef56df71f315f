/* A worker on a broker in memory: it notes what it gets, and may look around at that moment. */
#pragma once

#include "common/bus/memory_bus.h"

struct listening_worker {
    struct bus *bus;
    void (*on_message)(void); /* NULL: nothing more */
    int count;
    char message_id[64]; /* these are of the latest message */
    char headers[256];   /* "name=value;" each */
    char body[256];
    bool is_away; /* for whoever polls it: it takes nothing now */
    bool is_persistent;
    bool has_deadline_or_reply;
};

/* Owned: bus_free its bus. */
void listening_worker_open(struct listening_worker *ret, struct memory_broker *broker,
                           const struct topology *topology, const char *queue);
