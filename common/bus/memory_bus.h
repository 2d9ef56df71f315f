/*
 * The bus within one process, for tests: a memory_broker holds exchanges and queues; any number of
 * buses connect to it, all in one thread. It keeps the promises of bus.h (confirms, returns,
 * redelivery with counts, prefetch, dead lettering, length limits with reject-publish, expiration
 * of messages and in queues) and can be told to misbehave.
 *
 * What is published takes effect at once; what comes back (confirms, deliveries, …) comes with the
 * next bus_poll, which never waits: with one thread nothing can happen meanwhile. bus_fd is -1. A
 * message published with is_malformed or is_too_large is delivered with it, as if it had come so
 * over the wire. A declaration with other arguments, a publication to an exchange that is not there
 * or to a foul direct reply-to address cost the connection, as with RabbitMQ.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/bus/topology.h"

struct memory_broker;

struct memory_broker *memory_broker_new(void);
void memory_broker_free(struct memory_broker *broker); /* after its buses */

/* owned: bus_free; topology is borrowed for the bus's life, NULL: declare nothing */
struct bus *memory_bus_new(struct memory_broker *broker, const struct topology *topology,
                           const struct bus_events *events, void *owner);

/* Cut a bus's connection: on_down at its next poll, unacked deliveries go back, then it comes up
 * again. */
void memory_bus_disconnect(struct bus *bus, bool is_by_peer);
/* The broker blocks publications (alarm) or takes them again. */
void memory_broker_set_blocked(struct memory_broker *broker, bool is_blocked);
/* Messages ready in a queue; -1: no such queue. */
long memory_broker_depth(const struct memory_broker *broker, const char *queue);
/* Delete a queue with all in it; its consumers are cancelled. */
void memory_broker_delete_queue(struct memory_broker *broker, const char *queue);
