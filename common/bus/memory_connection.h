/* The connection of a bus in memory: up, down, and what is told to the owner. Used by memory_bus.c
 * only. */
#pragma once

#include "common/bus/memory_broker.h"

/* Everything that is due: down, up, alarms, news, deliveries. */
void memory_connection_process(struct memory_bus *bus);
bool memory_connection_has_work(const struct memory_bus *bus);

/* It ends at the next poll. `reason` is static. */
void memory_connection_lose(struct memory_bus *bus, const char *reason, bool is_by_peer);
/* Give all unacked back and forget what belongs to the connection, telling nobody. */
void memory_connection_drop(struct memory_bus *bus);

void memory_connection_tell(struct memory_bus *bus, struct memory_news news);
void memory_connection_open_reply_queue(struct memory_bus *bus);
void memory_connection_bind_reply_queue(struct memory_bus *bus);
/* -1: no such queue */
int64_t memory_connection_count_consumers(const struct memory_broker *broker, const char *queue);
