/*
 * What bus_suite.c needs of an implementation, so that one suite of behaviours runs on each: the
 * executables memory_bus_test and amqp_bus_test define these functions.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/bus/topology.h"

struct bus_world;

/* A broker with nothing in it. */
struct bus_world *bus_world_new(void);
void bus_world_free(struct bus_world *world);

/* A bus with confirms; `name` tells its connection. */
struct bus *bus_world_connect(struct bus_world *world, const char *name,
                              const struct topology *topology, const struct bus_events *events,
                              void *owner);

/* The broker cuts the connection of this bus: false if it cannot do so yet. */
bool bus_world_disconnect(struct bus_world *world, struct bus *bus, const char *name);
void bus_world_delete_queue(struct bus_world *world, const char *queue);
