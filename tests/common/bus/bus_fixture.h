/*
 * The ordinary world of bus_suite*.c: a broker with one queue of each kind, a bus that publishes
 * and one that consumes (acking each delivery, unless told otherwise). Queues by routing key on
 * test.commands: "test" is command.test (quorum, delivery limit 2, dead letters), "query" is
 * query.test (classic), "tiny" holds one message and rejects more. On test.events, "sink" takes
 * `posts.*`. What goes to test.retry waits in retry.test and comes back to the
 * queue that its routing key names. Nobody takes what goes to test.reports.
 */
#pragma once

#include "bus_client.h"
#include "bus_world.h"

enum { RETRY_WAIT_MAX_MS = 600 };

extern struct bus_world *world;
extern struct client *publisher;
extern struct client *consumer;

void bus_fixture_set_up(void);
void bus_fixture_tear_down(void);

/* Until both are up. */
void come_up(void);
/* Have the broker cut the connection, and see it. */
void disconnect(struct client *client);
/* A message to test.commands with the body `{}`. */
struct bus_message message_to(const char *routing_key);
/* By the publisher; returns the sequence. */
uint64_t publish(const struct bus_message *message);
/* And wait for the confirms. */
void publish_many(const char *routing_key, size_t count);
/* Not NULL, and equal. */
void expect_text(const char *expected, const char *actual);
