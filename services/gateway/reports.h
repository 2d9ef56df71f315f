/*
 * What the processes have told of themselves lately (common/health/reporter.h): of each the latest
 * report, and an earlier one to reckon from how much was done meanwhile. A process that has not
 * been heard of for REPORT_LIFE_MS is forgotten. Bounded: no more than REPORTS_MAX processes, none
 * with a report beyond REPORT_SIZE_MAX; what is no report is ignored. One thread: the loop's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/bus/bus.h"
#include "contracts/models.h"

enum {
    REPORTS_MAX = 256,
    REPORT_SIZE_MAX = 256 * 1024,
    REPORT_LIFE_MS = 10000,
    REPORT_SPAN_MS = 30000, /* the earlier report is so old or up to twice as old, once it can be */
};

/* Borrowed until the next report of its process is taken. */
struct reported {
    const struct process_report *latest;
    const struct process_report *earlier; /* at first the latest itself */
    int64_t heard_ms;                     /* monotonic: when the latest came, … */
    int64_t earlier_ms;                   /* … and the earlier */
    int64_t heard_at_us;                  /* by the wall's clock */
};

struct reports;

/* Owned. */
struct reports *reports_new(void);
void reports_free(struct reports *reports);

/* A report has come, or something that is none. */
void reports_take(struct reports *reports, const struct bus_message *message, int64_t now_ms);

/* Those that are heard of at `now_ms`, the number of them; sorted by service, host and pid. */
size_t reports_list(struct reports *reports, int64_t now_ms,
                    const struct reported *ret[REPORTS_MAX]);
