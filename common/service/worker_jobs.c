/* The list of deliveries in hand. */

#include "common/service/worker_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/clock.h"
#include "common/core/memory.h"

enum { SPARE_MAX = 16 };

void jobs_init(struct jobs *jobs)
{
    *jobs = (struct jobs){0};
    jobs->end = &jobs->first;
}

static void job_free(struct job *job)
{
    arena_free(job->arena);
    free(job);
}

static void job_recycle(struct jobs *jobs, struct job *job)
{
    metrics_leave(job->metrics);
    if (jobs->spare_count >= SPARE_MAX) {
        job_free(job);
        return;
    }
    arena_reset(job->arena);
    job->next = jobs->spare;
    jobs->spare = job;
    jobs->spare_count++;
}

static struct job *job_new(struct jobs *jobs)
{
    struct arena *arena;
    struct job *job = jobs->spare;
    if (job != NULL) {
        jobs->spare = job->next;
        jobs->spare_count--;
        arena = job->arena;
    } else {
        arena = arena_new();
        job = memory_new(1, sizeof(*job));
    }
    *job = (struct job){.arena = arena};
    return job;
}

void jobs_clear(struct jobs *jobs)
{
    while (jobs->first != NULL) {
        struct job *job = jobs->first;
        jobs->first = job->next;
        job_recycle(jobs, job);
    }
    jobs->end = &jobs->first;
    jobs->count = 0;
}

void jobs_free(struct jobs *jobs)
{
    jobs_clear(jobs);
    while (jobs->spare != NULL) {
        struct job *job = jobs->spare;
        jobs->spare = job->next;
        job_free(job);
    }
}

static void copy_headers(struct arena *arena, struct bus_message *message)
{
    struct bus_header *headers = arena_alloc(arena, message->header_count * sizeof(*headers));
    for (size_t i = 0; i < message->header_count; i++) {
        headers[i] = message->headers[i];
        headers[i].name = arena_strdup(arena, headers[i].name);
        headers[i].text = arena_strdup(arena, headers[i].text);
    }
    message->headers = headers;
}

struct job *jobs_add(struct jobs *jobs, const struct bus_delivery *delivery,
                     const struct handler *handler, struct message_metrics *metrics)
{
    struct job *job = job_new(jobs);
    struct bus_message *message = &job->message;
    *message = delivery->message;
    message->exchange = arena_strdup(job->arena, message->exchange);
    message->routing_key = arena_strdup(job->arena, message->routing_key);
    message->type = arena_strdup(job->arena, message->type);
    message->content_type = arena_strdup(job->arena, message->content_type);
    message->message_id = arena_strdup(job->arena, message->message_id);
    message->correlation_id = arena_strdup(job->arena, message->correlation_id);
    message->reply_to = arena_strdup(job->arena, message->reply_to);
    message->expiration = arena_strdup(job->arena, message->expiration);
    copy_headers(job->arena, message);
    message->body = arena_copy(job->arena, message->body, message->body_size);
    job->arrived = arena_mark(job->arena);
    job->handler = handler;
    job->metrics = metrics;
    metrics_add(&metrics->in_flight, 1);
    job->tag = delivery->tag;
    job->was_delivered_before = delivery->is_redelivered || delivery->delivery_count > 0;
    job->received_us = clock_monotonic_us();
    *jobs->end = job;
    jobs->end = &job->next;
    jobs->count++;
    return job;
}

struct job *jobs_next(struct jobs *jobs, int64_t now_ms, int *ret_wait_ms)
{
    int64_t soonest = INT64_MAX;
    for (struct job *job = jobs->first; job != NULL; job = job->next) {
        bool is_due = job->not_before_ms <= now_ms;
        if (job->state == JOB_WAITING && is_due) {
            return job;
        }
        bool is_waited_for = job->state == JOB_WAITING || job->state == JOB_DEFERRING;
        if (is_waited_for && !is_due && job->not_before_ms < soonest) {
            soonest = job->not_before_ms;
        }
    }
    *ret_wait_ms = soonest == INT64_MAX ? -1 : (int)(soonest - now_ms);
    return NULL;
}

uint64_t jobs_take_finished(struct jobs *jobs)
{
    uint64_t tag = 0;
    while (jobs->first != NULL && jobs->first->state == JOB_DONE) {
        struct job *job = jobs->first;
        tag = job->tag;
        jobs->first = job->next;
        jobs->count--;
        job_recycle(jobs, job);
    }
    if (jobs->first == NULL) {
        jobs->end = &jobs->first;
    }
    return tag;
}

void jobs_remove(struct jobs *jobs, struct job *job)
{
    struct job **place = &jobs->first;
    while (*place != job) {
        place = &(*place)->next;
    }
    *place = job->next;
    if (job->next == NULL) {
        jobs->end = place;
    }
    jobs->count--;
    job_recycle(jobs, job);
}

uint64_t jobs_take_overtaker(struct jobs *jobs)
{
    for (struct job *job = jobs->first; job != NULL; job = job->next) {
        if (job->state == JOB_DONE) {
            uint64_t tag = job->tag;
            jobs_remove(jobs, job);
            return tag;
        }
    }
    return 0;
}
