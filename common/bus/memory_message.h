/* Copies of messages for the memory broker. */
#pragma once

#include "common/bus/memory_broker.h"

/* A deep copy with these headers added behind the message's own; owned: free. */
struct memory_message *memory_message_copy(const struct bus_message *message,
                                           const struct bus_header *added, size_t added_count);
