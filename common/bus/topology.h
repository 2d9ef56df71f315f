/*
 * What every process declares at its start, always with the same arguments (another argument later
 * is an error of the broker): exchanges, a queue for each command and query, the dead-letter
 * exchange and its intake, the ladder of retries. Made from the contracts' names by topology_new;
 * the broker's view is in docs/architecture.md.
 *
 * The ladder: a message published to the exchange of a rung, under the name of the queue it is to
 * come back to, waits in the rung's queue for its `expiration`, or the rung's own time if that is
 * shorter, and is then handed to postroom.retried, which takes it back to that queue. Where there
 * is none it goes the way of dead letters: nothing that cannot go on blocks a rung.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct contract;

#define EXCHANGE_COMMANDS "postroom.commands"
#define EXCHANGE_QUERIES "postroom.queries"
#define EXCHANGE_EVENTS "postroom.events"
#define EXCHANGE_DEAD "postroom.dead"
#define EXCHANGE_RETRIED "postroom.retried"
#define EXCHANGE_REPORTS                                                                           \
    "postroom.reports" /* what processes tell of themselves; no queue keeps it */
#define QUEUE_DEAD_INTAKE "dead.intake"

enum { RETRY_RUNGS = 5 };

struct retry_rung {
    const char *exchange;
    const char *queue;
    long long wait_max_ms; /* nothing waits there longer */
};
extern const struct retry_rung retry_rungs[RETRY_RUNGS]; /* by growing waits */

struct bus_argument {
    const char *name;
    const char *text; /* NULL: an integer */
    long long integer;
};

struct bus_exchange {
    const char *name;
    const char *kind;      /* "direct", "topic", "fanout" */
    const char *alternate; /* takes what no queue takes; NULL: nobody does */
};

struct bus_queue {
    const char *name;
    const struct bus_argument *arguments;
    size_t argument_count;
    const char *exchange;    /* bound to it … */
    const char *routing_key; /* … by this key ("" for fanout) */
    bool is_retried;         /* and to EXCHANGE_RETRIED, by its own name */
};

struct topology { /* all durable */
    const struct bus_exchange *exchanges;
    size_t exchange_count;
    struct bus_queue *queues;
    size_t queue_count;
};

/* The topology of these contracts (events have no queue). Owned: topology_free. Names are borrowed
 * from the contracts. */
struct topology *topology_new(const struct contract *const *list, size_t count);
void topology_free(struct topology *topology);
