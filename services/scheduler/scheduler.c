/* The loop and the table of its jobs. */

#include "scheduler.h"

#include <poll.h>
#include <stdlib.h>

#include "common/bus/topology.h"
#include "common/core/clock.h"
#include "common/core/log.h"
#include "common/core/memory.h"
#include "jobs/dead_intake.h"
#include "jobs/expire.h"
#include "jobs/fire.h"
#include "jobs/sweep.h"

enum { RETRY_MS = 1000, GOODBYE_MS = 500, FIRE_INTERVAL_MS = 1000, MEASURE_INTERVAL_MS = 5000 };

enum job { JOB_INTAKE, JOB_FIRE, JOB_SWEEP, JOB_EXPIRE, JOB_MEASURE, JOB_COUNT };

struct scheduler {
    struct scheduler_options options;
    struct publisher publisher;
    struct dead_intake intake;
    struct sweep sweep;
    struct fire fire;
    struct expire expire;
    int64_t due_ms[JOB_COUNT]; /* monotonic */

    bool is_database_ready;
    bool is_waiting_told;
    int64_t database_retry_ms;
    size_t told_left; /* in the outbox: how many were last said to be stuck */
};

static bool has_letters(const struct scheduler *self)
{
    return dead_intake_has_work(&self->intake);
}

static enum err keep_letter(struct scheduler *self)
{
    return dead_intake_step(&self->intake);
}

static bool may_publish(const struct scheduler *self)
{
    const struct bus *bus = self->publisher.bus;
    return bus_is_up(bus) && !bus_is_blocked(bus);
}

static enum err sweep(struct scheduler *self)
{
    struct sweep_report report;
    enum err err = sweep_step(&self->sweep, &report);
    if (!report.is_over) {
        return err;
    }
    self->due_ms[JOB_SWEEP] =
        clock_monotonic_ms() + (err == OK ? self->options.sweep_interval_ms : RETRY_MS);
    if (report.published > 0 || report.left != self->told_left) {
        log_event(report.left > 0 ? LOG_WARNING : LOG_INFO, "outbox_swept",
                  "published=%zu left=%zu", report.published, report.left);
        self->told_left = report.left;
    }
    return err;
}

static bool is_always_possible(const struct scheduler *self)
{
    (void)self;
    return true;
}

/* What was fired lies in the outbox: the sweep is due at once. */
static enum err fire(struct scheduler *self)
{
    size_t fired;
    enum err err = fire_step(&self->fire, &fired);
    int64_t now_ms = clock_monotonic_ms();
    self->due_ms[JOB_FIRE] = now_ms + FIRE_INTERVAL_MS;
    if (fired > 0) {
        self->due_ms[JOB_SWEEP] = now_ms;
    }
    return err;
}

static enum err expire(struct scheduler *self)
{
    struct expire_report report;
    enum err err = expire_step(&self->expire, &report);
    if (!report.is_over) {
        return err;
    }
    self->due_ms[JOB_EXPIRE] = clock_monotonic_ms() + self->options.expire_interval_ms;
    const size_t *removed = report.removed;
    if (removed[EXPIRING_SESSIONS] + removed[EXPIRING_IDENTITIES] + removed[EXPIRING_ATTEMPTS] +
            removed[EXPIRING_LOGIN_ATTEMPTS] >
        0) {
        log_event(LOG_INFO, "expired", "sessions=%zu identities=%zu attempts=%zu logins=%zu",
                  removed[EXPIRING_SESSIONS], removed[EXPIRING_IDENTITIES],
                  removed[EXPIRING_ATTEMPTS], removed[EXPIRING_LOGIN_ATTEMPTS]);
    }
    return err;
}

static enum err measure(struct scheduler *self)
{
    struct outbox_size size;
    TRY(outbox_measure(self->options.ports->outbox, &size));
    metrics_set_outbox(self->options.metrics, size.messages, size.oldest_us);
    self->due_ms[JOB_MEASURE] = clock_monotonic_ms() + MEASURE_INTERVAL_MS;
    return OK;
}

static const struct {
    const char *name;
    bool (*is_possible)(const struct scheduler *self);
    enum err (*step)(struct scheduler *self); /* sets when it is due again; until then: at once */
} jobs[JOB_COUNT] = {
    [JOB_INTAKE] = {"dead_intake", has_letters, keep_letter},
    [JOB_FIRE] = {"fire", is_always_possible, fire},
    [JOB_SWEEP] = {"sweep", may_publish, sweep},
    [JOB_EXPIRE] = {"expire", is_always_possible, expire},
    [JOB_MEASURE] = {"measure", is_always_possible, measure},
};

static void lose_database(struct scheduler *self, int64_t now_ms)
{
    if (!self->is_waiting_told) {
        log_event(LOG_WARNING, "waiting_for_database", "reason=\"%s\"",
                  readiness_trouble(self->options.ports->readiness));
    }
    self->is_waiting_told = true;
    self->is_database_ready = false;
    self->database_retry_ms = now_ms + RETRY_MS;
}

static void find_database(struct scheduler *self)
{
    if (readiness_check(self->options.ports->readiness) != OK) {
        lose_database(self, clock_monotonic_ms());
        return;
    }
    log_event(LOG_INFO, "database_ready", "jobs=%d", JOB_COUNT);
    self->is_waiting_told = false;
    self->is_database_ready = true;
}

/* A step may fail for trouble of its own, such as a statement that takes too long. The database is
 * lost, for all jobs, only when it does not answer the simplest question. */
static void note_failure(struct scheduler *self, enum job job, enum err err)
{
    if (err == ERR_UNAVAILABLE && readiness_check(self->options.ports->readiness) != OK) {
        lose_database(self, clock_monotonic_ms());
        return;
    }
    log_event(err == ERR_UNAVAILABLE ? LOG_WARNING : LOG_ERROR, "job_failed",
              "job=%s reason=\"%s\"", jobs[job].name,
              readiness_trouble(self->options.ports->readiness));
}

/* Due again at once, but behind the others, unless the step says something else. */
static void run_job(struct scheduler *self, enum job job)
{
    self->due_ms[job] = clock_monotonic_ms();
    enum err err = jobs[job].step(self);
    if (err == OK) {
        return;
    }
    int64_t retry_ms = clock_monotonic_ms() + RETRY_MS;
    if (self->due_ms[job] < retry_ms) {
        self->due_ms[job] = retry_ms;
    }
    note_failure(self, job, err);
}

/* The possible job that is due first; JOB_COUNT: none is possible. */
static enum job next_job(const struct scheduler *self)
{
    enum job next = JOB_COUNT;
    for (int job = 0; job < JOB_COUNT; job++) {
        bool is_first = next == JOB_COUNT || self->due_ms[job] < self->due_ms[next];
        if (is_first && jobs[job].is_possible(self)) {
            next = (enum job)job;
        }
    }
    return next;
}

static int64_t next_due_ms(const struct scheduler *self)
{
    if (!self->is_database_ready) {
        return self->database_retry_ms;
    }
    enum job next = next_job(self);
    return next == JOB_COUNT ? INT64_MAX : self->due_ms[next];
}

static void wait_for_work(const struct scheduler *self, int timeout_ms, int wake_fd)
{
    struct bus *const buses[] = {self->publisher.bus, self->intake.bus};
    struct pollfd fds[ARRAY_COUNT(buses) + 1] = {{.fd = wake_fd, .events = POLLIN}};
    int64_t left_ms = next_due_ms(self) - clock_monotonic_ms();
    if (left_ms < timeout_ms) {
        timeout_ms = left_ms > 0 ? (int)left_ms : 0;
    }
    for (size_t i = 0; i < ARRAY_COUNT(buses); i++) {
        int bus_ms = bus_timeout_ms(buses[i]);
        timeout_ms = bus_ms >= 0 && bus_ms < timeout_ms ? bus_ms : timeout_ms;
        fds[i + 1] = (struct pollfd){.fd = bus_fd(buses[i]), .events = bus_wanted_events(buses[i])};
    }
    (void)poll(fds, ARRAY_COUNT(fds), timeout_ms);
}

static void note_state(struct scheduler *self)
{
    struct metrics *metrics = self->options.metrics;
    bool has_broker = bus_is_up(self->publisher.bus) && bus_is_up(self->intake.bus);
    metrics_set_part(metrics, PART_BROKER, has_broker ? PART_UP : PART_DOWN);
    metrics_set_part(metrics, PART_DATABASE, self->is_database_ready ? PART_UP : PART_DOWN);
    metrics_set_serving(metrics, has_broker && self->is_database_ready);
}

struct bus *scheduler_publisher(struct scheduler *self)
{
    return self->publisher.bus;
}

void scheduler_turn(struct scheduler *self, int timeout_ms, int wake_fd)
{
    wait_for_work(self, timeout_ms, wake_fd);
    bus_process(self->publisher.bus);
    bus_process(self->intake.bus);
    note_state(self);
    if (clock_monotonic_ms() < next_due_ms(self)) {
        return;
    }
    if (!self->is_database_ready) {
        find_database(self);
        return;
    }
    run_job(self, next_job(self));
}

struct scheduler *scheduler_new(const struct scheduler_options *options)
{
    struct scheduler *self = memory_new(1, sizeof(*self));
    self->options = *options;
    self->publisher.link.name = "publish";
    self->publisher.bus =
        options->make_bus(options->bus_maker_owner, "publish", &publisher_events, &self->publisher);
    self->intake = (struct dead_intake){
        .link.name = "consume",
        .dead_letters = options->ports->dead_letters,
    };
    self->intake.bus =
        options->make_bus(options->bus_maker_owner, "consume", &dead_intake_events, &self->intake);
    bus_add_consumer(self->intake.bus, QUEUE_DEAD_INTAKE, DEAD_INTAKE_PREFETCH);
    self->fire = (struct fire){
        .schedule = options->ports->schedule,
        .jobs = schedule_jobs,
        .job_count = schedule_job_count,
    };
    self->expire = (struct expire){.expiry = options->ports->expiry};
    self->sweep = (struct sweep){
        .outbox = options->ports->outbox,
        .publisher = &self->publisher,
        .arena = arena_new(),
        .wait_ms = options->confirm_wait_ms,
    };
    return self;
}

void scheduler_close(struct scheduler *self)
{
    bus_close(self->publisher.bus, GOODBYE_MS);
    bus_close(self->intake.bus, GOODBYE_MS);
}

void scheduler_free(struct scheduler *self)
{
    if (self == NULL) {
        return;
    }
    bus_free(self->publisher.bus);
    bus_free(self->intake.bus);
    dead_intake_let_go(&self->intake);
    arena_free(self->sweep.arena);
    free(self);
}
