/*
 * The bus within one process, for tests: a memory_broker holds exchanges and queues; any number of
 * buses connect to it, all in one thread. It keeps the promises of bus.h (confirms, returns,
 * redelivery with counts, prefetch, dead lettering, length limits with reject-publish) and can be
 * told to misbehave.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/bus/topology.h"

struct memory_broker;

struct memory_broker *memory_broker_new(void);
void memory_broker_free(struct memory_broker *broker); /* after its buses */

/* owned: bus_free */
struct bus *memory_bus_new(struct memory_broker *broker, const struct topology *topology,
                           const struct bus_events *events, void *owner);

/* Cut a bus's connection: on_down at its next poll, unacked deliveries go back, then it comes up
 * again. */
void memory_bus_disconnect(struct bus *bus, bool is_by_peer);
/* The broker blocks publications (alarm) or takes them again. */
void memory_broker_set_blocked(struct memory_broker *broker, bool is_blocked);
/* Messages ready in a queue; -1: no such queue. */
long memory_broker_depth(const struct memory_broker *broker, const char *queue);
