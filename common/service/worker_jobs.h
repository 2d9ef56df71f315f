/*
 * The deliveries a worker holds, in the order of their tags, from arrival to ack. Acks go out in
 * batches that cover only the finished prefix, and one by one past a message that takes long. One
 * thread.
 */
#pragma once

#include "common/contract/contract.h"
#include "common/health/metrics.h"
#include "common/service/reply.h"

enum job_state {
    JOB_WAITING,   /* to be handled, not before not_before_ms */
    JOB_REPLYING,  /* handled; its reply is not yet confirmed (sequence 0: not yet sent) */
    JOB_DEFERRING, /* put off; its copy for the ladder is not yet confirmed (sequence 0: not yet
                      sent, nor to be before not_before_ms) */
    JOB_DONE,      /* may be acked */
};

struct job {
    struct job *next;
    struct arena *arena;
    struct bus_message message; /* a copy in the arena */
    struct arena_mark arrived;  /* behind the message: each try begins here */
    const struct handler *handler;
    struct message_metrics *metrics; /* of its message */
    uint64_t tag;
    bool was_delivered_before;
    enum job_state state;
    int64_t received_us;
    int64_t begun_us; /* the latest try */
    int64_t not_before_ms;
    int tries;
    int64_t retries;      /* on the ladder, before this delivery */
    bool is_deferrable;   /* a command that was read: its copy is as good */
    bool is_fate_unknown; /* one of the tries may have been its commit */

    struct reply reply;
    const char *reply_to;
    const char *correlation_id;
    uint64_t sequence; /* of the reply, or the copy, under way; 0: none is */
    bool is_returned;  /* the copy found no queue: the broker's confirm does not count */
    bool is_suspect;   /* its reply may have made the broker close the connection */
};

struct jobs {
    struct job *first;
    struct job **end;
    struct job *spare; /* with their arenas, for reuse */
    size_t count;
    size_t spare_count;
};

void jobs_init(struct jobs *jobs);
void jobs_free(struct jobs *jobs);

/* Take a delivery in; copies its message. `metrics` are those of the message; borrowed. */
struct job *jobs_add(struct jobs *jobs, const struct bus_delivery *delivery,
                     const struct handler *handler, struct message_metrics *metrics);

/* The first job to be handled at `now_ms`, or NULL; `ret_wait_ms` then says in how many ms one may
 * be, or the copy of one sent again (-1: none waits). */
struct job *jobs_next(struct jobs *jobs, int64_t now_ms, int *ret_wait_ms);

/* Take the finished prefix out. The tag up to which all may be acked, or 0. */
uint64_t jobs_take_finished(struct jobs *jobs);

/* Take one that is finished out from behind those that are not. Its tag, to be acked alone, or 0.
 */
uint64_t jobs_take_overtaker(struct jobs *jobs);

/* Take one out, whatever its state. */
void jobs_remove(struct jobs *jobs, struct job *job);

/* Forget all: their tags have died. */
void jobs_clear(struct jobs *jobs);
