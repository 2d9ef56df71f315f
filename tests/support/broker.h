/*
 * A broker for tests: a virtual host of one's own on the one that TEST_AMQP_URL and
 * TEST_AMQP_MANAGEMENT_URL name (both of an administrator), gone with broker_free. Without these
 * variables a test fails. One thread.
 */
#pragma once

#include <stddef.h>

struct broker;

struct broker *broker_new(void); /* owned */
void broker_free(struct broker *broker);

/* amqp://…/<virtual host>; as long as the broker */
const char *broker_url(const struct broker *broker);

/* The broker closes the connection of this name (connection-forced). False: there is none (yet). */
int broker_close_connection(struct broker *broker, const char *connection_name);

/* Delete a queue with all in it; its consumers are cancelled. */
void broker_delete_queue(struct broker *broker, const char *queue);
