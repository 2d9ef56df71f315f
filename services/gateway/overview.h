/* From what a loop knows to what people are shown: the models of contracts/models. */
#pragma once

#include "common/core/arena.h"
#include "contracts/models.h"
#include "services/gateway/gateway.h"
#include "services/gateway/local.h"

/* How each part is: the broker as this loop finds it, what the processes say of the rest. */
void overview_health(const struct local *local, struct arena *arena, struct health *ret);

/* What goes on: each message, each process. The broker is asked for the depths of all queues from
 * now on, for as long as somebody goes on looking. */
void overview_operations(const struct gateway *gateway, const struct local *local,
                         struct arena *arena, struct operations_overview *ret);
