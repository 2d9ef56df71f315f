/* Jobs, and when they were sent. */

#include "postgres_job_reader.h"

#include <stdlib.h>
#include <string.h>

#include "common/contract/schedule.h"
#include "common/core/memory.h"

enum { GRACE_S = 60, DAY_S = 86400, DAYS = 7, EPOCH_WEEKDAY = 4 };

static const struct postgres_statement list = {
    "job_reader_list", "SELECT job, last_slot, fired_at, run_at, run_by FROM schedule"};

struct postgres_job_reader {
    struct job_reader base;
    struct postgres *db;
};

static void describe(const struct schedule_job *job, const struct ctx *ctx,
                     struct scheduled_job *ret)
{
    int64_t minute = job->offset_s % DAY_S / 60;
    *ret = (struct scheduled_job){
        .name = job->name,
        .title = language_text(ctx->problem.language, job->title),
        .message = job->contract->name,
        .rule = job->rule,
        .rhythm = job->rhythm == SCHEDULE_EVERY   ? JOB_RHYTHM_EVERY
                  : job->rhythm == SCHEDULE_DAILY ? JOB_RHYTHM_DAILY
                                                  : JOB_RHYTHM_WEEKLY,
        .period_s = job->period_s,
    };
    if (job->rhythm != SCHEDULE_EVERY) {
        ret->at = arena_printf(ctx->arena, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
    }
    if (job->rhythm == SCHEDULE_WEEKLY) {
        ret->has_weekday = true;
        ret->weekday = (job->offset_s / DAY_S + EPOCH_WEEKDAY - 1) % DAYS + 1;
    }
}

static int row_of(const struct pg_result *rows, const char *name, struct arena *arena)
{
    for (int row = 0; row < postgres_row_count(rows); row++) {
        if (strcmp(postgres_text(rows, row, 0, arena), name) == 0) {
            return row;
        }
    }
    return -1;
}

/* 0: never. */
static int64_t read_time(const struct pg_result *rows, int row, int column)
{
    return postgres_is_null(rows, row, column) ? 0 : postgres_time(rows, row, column);
}

/* What the clock did, and what somebody did by hand: the later of the two. */
static void read_last(const struct pg_result *rows, int row, struct arena *arena,
                      struct scheduled_job *ret)
{
    int64_t fired_us = read_time(rows, row, 2);
    int64_t run_us = read_time(rows, row, 3);
    ret->has_last_at = fired_us != 0 || run_us != 0;
    ret->last_at = run_us > fired_us ? run_us : fired_us;
    ret->last_by = run_us > fired_us ? postgres_text(rows, row, 4, arena) : NULL;
}

static void read_job(const struct schedule_job *job, const struct pg_result *rows, struct ctx *ctx,
                     struct scheduled_job *ret)
{
    int64_t now_s = ctx->now_us / 1000000;
    int64_t due_s = schedule_latest_slot(job, now_s);
    describe(job, ctx, ret);
    ret->next_at = schedule_next_slot(job, now_s) * 1000000;
    int row = row_of(rows, job->name, ctx->arena);
    if (row < 0) {
        return; /* no scheduler has seen it yet: what has passed is none of its slots */
    }
    read_last(rows, row, ctx->arena, ret);
    ret->is_late = postgres_time(rows, row, 1) < due_s * 1000000 && now_s - due_s > GRACE_S;
}

static enum err list_jobs(struct job_reader *self, struct ctx *ctx, struct scheduled_job **ret,
                          size_t *ret_count)
{
    struct postgres *db = ((struct postgres_job_reader *)self)->db;
    const struct pg_result *rows;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &list, NULL, &rows)));
    struct scheduled_job *jobs = arena_alloc(ctx->arena, schedule_job_count * sizeof(*jobs));
    for (size_t i = 0; i < schedule_job_count; i++) {
        read_job(&schedule_jobs[i], rows, ctx, &jobs[i]);
    }
    *ret = jobs;
    *ret_count = schedule_job_count;
    return OK;
}

struct job_reader *postgres_job_reader_new(struct postgres *db)
{
    static const struct job_reader_ops ops = {.list = list_jobs};
    struct postgres_job_reader *reader = memory_new(1, sizeof(*reader));
    reader->base.ops = &ops;
    reader->db = db;
    return &reader->base;
}

void postgres_job_reader_free(struct job_reader *reader)
{
    free(reader);
}
