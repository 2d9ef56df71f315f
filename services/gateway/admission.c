/* Room for calls, and its fair division. */

#include "services/gateway/admission.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/core/log.h"
#include "common/core/memory.h"
#include "services/gateway/throughput.h"

enum {
    BUCKET_BITS = 10,
    BUCKETS = 1 << BUCKET_BITS,
    ROOM_UNKNOWN = 128,  /* before anything is known of a message */
    ROOM_LEAST = 16,     /* from which a message finds out that it can do more */
    ROOM_SLOW_LEAST = 4, /* of a message whose answers come late: enough to notice a change */
    LOG_INTERVAL_MS = 1000,
};

/* Those who share a room. */
struct crowd {
    size_t count;  /* calls */
    size_t active; /* buckets that hold some */
    uint32_t held[BUCKETS];
};

struct route {
    const struct contract *contract; /* NULL: a free place in the table */
    struct throughput throughput;
    struct crowd crowd;
    uint64_t refused; /* since they were logged */
    int64_t logged_ms;
};

struct admission {
    struct admission_limits limits;
    int64_t reply_timeout_ms;
    struct crowd crowd;
    struct route *routes; /* by a digest of the contract's address; more than half are free */
    size_t mask;
};

static struct route *find(const struct admission *admission, const struct contract *contract)
{
    size_t place = (size_t)((uintptr_t)contract / sizeof(void *)) & admission->mask;
    while (admission->routes[place].contract != NULL &&
           admission->routes[place].contract != contract) {
        place = (place + 1) & admission->mask;
    }
    return &admission->routes[place];
}

struct admission *admission_new(const struct gateway *gateway,
                                const struct admission_limits *limits)
{
    struct admission *admission = memory_new(1, sizeof(*admission));
    size_t size = 4;
    while (size < 2 * gateway->contract_count + 1) {
        size *= 2;
    }
    admission->routes = memory_new(size, sizeof(*admission->routes));
    admission->mask = size - 1;
    for (size_t i = 0; i < gateway->contract_count; i++) {
        const struct contract *contract = gateway->contracts[i];
        if (contract->kind != MESSAGE_EVENT && !contract->is_background) {
            find(admission, contract)->contract = contract;
        }
    }
    admission->limits = *limits;
    admission->reply_timeout_ms = gateway->reply_timeout_ms;
    return admission;
}

void admission_free(struct admission *admission)
{
    if (admission == NULL) {
        return;
    }
    free(admission->routes);
    free(admission);
}

/* The digest is keyed: nobody can choose whose bucket to share. */
static size_t bucket_of(const struct call *call)
{
    return (size_t)(call->caller >> (64 - BUCKET_BITS));
}

static bool crowd_may_enter(const struct crowd *crowd, size_t bucket, size_t room)
{
    if (crowd->count >= room) {
        return false;
    }
    if (2 * crowd->count < room) {
        return true;
    }
    size_t held = crowd->held[bucket];
    size_t active = crowd->active + (held == 0 ? 1 : 0);
    return held == 0 || held < room / (active + 1);
}

static void crowd_enter(struct crowd *crowd, size_t bucket)
{
    crowd->count++;
    crowd->active += crowd->held[bucket]++ == 0 ? 1 : 0;
}

static void crowd_leave(struct crowd *crowd, size_t bucket)
{
    crowd->count--;
    crowd->active -= --crowd->held[bucket] == 0 ? 1 : 0;
}

static size_t room_of(const struct admission *admission, const struct throughput *throughput)
{
    double enough_ms = (double)admission->reply_timeout_ms / 2;
    double most = (double)admission->limits.route_in_flight_max;
    double least = throughput_is_slow(throughput) ? ROOM_SLOW_LEAST : ROOM_LEAST;
    double room = throughput->per_second * enough_ms / 1000;
    if (!throughput_is_known(throughput) && !throughput_is_slow(throughput)) {
        least = ROOM_UNKNOWN;
    }
    room = room < least ? least : room;
    return (size_t)(room > most ? most : room);
}

static void log_refusal(struct route *route, size_t room, int64_t now_ms)
{
    route->refused++;
    if (route->logged_ms != 0 && now_ms - route->logged_ms < LOG_INTERVAL_MS) {
        return;
    }
    log_event(LOG_WARNING, "overloaded",
              "message=%s in_flight=%zu room=%zu callers=%zu per_second=%.0f refused=%" PRIu64,
              route->contract->name, route->crowd.count, room, route->crowd.active,
              route->throughput.per_second, route->refused);
    route->logged_ms = now_ms;
    route->refused = 0;
}

bool admission_enter(struct admission *admission, struct call *call, int64_t now_ms)
{
    struct route *route = find(admission, call->contract);
    if (route->contract == NULL) {
        return false; /* one that nobody may send */
    }
    throughput_advance(&route->throughput, route->crowd.count > 0, now_ms);
    size_t room = room_of(admission, &route->throughput);
    size_t bucket = bucket_of(call);
    if (!crowd_may_enter(&route->crowd, bucket, room) ||
        !crowd_may_enter(&admission->crowd, bucket, admission->limits.in_flight_max)) {
        log_refusal(route, room, now_ms);
        return false;
    }
    crowd_enter(&route->crowd, bucket);
    crowd_enter(&admission->crowd, bucket);
    call->begun_ms = now_ms;
    return true;
}

void admission_leave(struct admission *admission, const struct call *call, enum admission_end end,
                     int64_t now_ms)
{
    struct route *route = find(admission, call->contract);
    size_t bucket = bucket_of(call);
    throughput_advance(&route->throughput, true, now_ms);
    bool is_long = now_ms - call->begun_ms > admission->reply_timeout_ms / 4;
    if (end == ADMISSION_ANSWERED) {
        throughput_note_reply(&route->throughput);
    }
    if (end == ADMISSION_ANSWERED || (end == ADMISSION_UNANSWERED && is_long)) {
        throughput_note_wait(&route->throughput, is_long);
    }
    crowd_leave(&route->crowd, bucket);
    crowd_leave(&admission->crowd, bucket);
}

size_t admission_room(const struct admission *admission, const struct contract *contract)
{
    return room_of(admission, &find(admission, contract)->throughput);
}
