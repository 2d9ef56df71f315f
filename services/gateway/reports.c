/* Reports, by process. */

#include "services/gateway/reports.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/clock.h"
#include "common/core/log.h"
#include "common/core/memory.h"

/* The latest report, the earlier one, and the one that will be the earlier one next; some may be
 * the same: of three there is always room for a new one. */
enum { SHOTS = 3 };

struct shot {
    struct arena *arena; /* NULL: never used */
    const struct process_report *report;
    int64_t at_ms;
};

struct known {
    struct reported reported;
    struct shot shots[SHOTS];
    size_t earlier; /* their places */
    size_t next;
    size_t latest;
};

struct reports {
    struct known *known[REPORTS_MAX];
    size_t count;
    struct arena *spare; /* to read the next report into */
};

struct reports *reports_new(void)
{
    struct reports *reports = memory_new(1, sizeof(*reports));
    reports->spare = arena_new();
    return reports;
}

static void known_free(struct known *known)
{
    for (size_t i = 0; i < SHOTS; i++) {
        if (known->shots[i].arena != NULL) {
            arena_free(known->shots[i].arena);
        }
    }
    free(known);
}

void reports_free(struct reports *reports)
{
    if (reports == NULL) {
        return;
    }
    for (size_t i = 0; i < reports->count; i++) {
        known_free(reports->known[i]);
    }
    arena_free(reports->spare);
    free(reports);
}

static void forget_old(struct reports *reports, int64_t now_ms)
{
    size_t kept = 0;
    for (size_t i = 0; i < reports->count; i++) {
        struct known *known = reports->known[i];
        if (now_ms - known->reported.heard_ms < REPORT_LIFE_MS) {
            reports->known[kept++] = known;
        } else {
            known_free(known);
        }
    }
    reports->count = kept;
}

static int compare(const struct process_report *a, const struct process_report *b)
{
    int order = strcmp(a->service, b->service);
    order = order != 0 ? order : strcmp(a->host, b->host);
    return order != 0 ? order : (a->pid > b->pid) - (a->pid < b->pid);
}

/* The place of its process, or where that belongs. */
static size_t find(const struct reports *reports, const struct process_report *report,
                   bool *ret_is_known)
{
    size_t place = 0;
    int order = 1;
    while (place < reports->count &&
           (order = compare(report, reports->known[place]->reported.latest)) > 0) {
        place++;
    }
    *ret_is_known = place < reports->count && order == 0;
    return place;
}

static struct known *add(struct reports *reports, size_t place)
{
    struct known *known = memory_new(1, sizeof(*known));
    memmove(&reports->known[place + 1], &reports->known[place],
            (reports->count - place) * sizeof(struct known *));
    reports->known[place] = known;
    reports->count++;
    return known;
}

/* Another process may have the number of one that has ended: it has done nothing yet. */
static bool has_begun_anew(const struct known *known, const struct process_report *report)
{
    return known->reported.latest == NULL ||
           known->reported.latest->started_at != report->started_at;
}

static size_t free_place(const struct known *known)
{
    size_t place = 0;
    while (place == known->earlier || place == known->next) {
        place++;
    }
    return place;
}

/* Whatever was in the spare arena is the process's now, and what that no longer needs is spare. */
static void keep(struct reports *reports, struct known *known, const struct process_report *report,
                 int64_t now_ms)
{
    bool is_new = has_begun_anew(known, report);
    size_t place = is_new ? 0 : free_place(known);
    struct shot *shot = &known->shots[place];
    struct arena *spare = shot->arena == NULL ? arena_new() : shot->arena;
    *shot = (struct shot){.arena = reports->spare, .report = report, .at_ms = now_ms};
    reports->spare = spare;
    known->latest = place;
    if (is_new) {
        known->earlier = known->next = place;
    } else if (now_ms - known->shots[known->next].at_ms >= REPORT_SPAN_MS) {
        known->earlier = known->next;
        known->next = place;
    }
    known->reported = (struct reported){
        .latest = report,
        .earlier = known->shots[known->earlier].report,
        .heard_ms = now_ms,
        .earlier_ms = known->shots[known->earlier].at_ms,
        .heard_at_us = clock_wall_us(),
    };
}

/* NULL: it is none. */
static const struct process_report *read_report(struct reports *reports,
                                                const struct bus_message *message)
{
    struct problem problem = {0};
    arena_reset(reports->spare);
    if (message->body == NULL || message->is_malformed || message->body_size > REPORT_SIZE_MAX) {
        return NULL;
    }
    struct process_report *report = arena_alloc(reports->spare, sizeof(*report));
    return json_decode(&process_report_object, message->body, message->body_size, reports->spare,
                       &problem, report) == OK
               ? report
               : NULL;
}

void reports_take(struct reports *reports, const struct bus_message *message, int64_t now_ms)
{
    bool is_known;
    const struct process_report *report = read_report(reports, message);
    forget_old(reports, now_ms);
    if (report == NULL) {
        log_event(LOG_DEBUG, "report_ignored", "bytes=%zu", message->body_size);
        return;
    }
    size_t place = find(reports, report, &is_known);
    if (!is_known && reports->count == REPORTS_MAX) {
        return;
    }
    struct known *known = is_known ? reports->known[place] : add(reports, place);
    keep(reports, known, report, now_ms);
}

size_t reports_list(struct reports *reports, int64_t now_ms,
                    const struct reported *ret[REPORTS_MAX])
{
    forget_old(reports, now_ms);
    for (size_t i = 0; i < reports->count; i++) {
        ret[i] = &reports->known[i]->reported;
    }
    return reports->count;
}
