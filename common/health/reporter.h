/*
 * Process reports: every REPORT_INTERVAL_MS each process tells all gateways what it has counted and
 * how it finds its parts, as JSON of contracts/models/process_report.json, published transient and
 * without waiting for anything to the fanout exchange postroom.reports. Nothing keeps a report that
 * nobody takes. One thread: that of the bus it publishes by.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/health/vitals.h"

enum { REPORT_INTERVAL_MS = 2000 };

#define REPORT_TYPE "process_report"

struct reporter {
    const struct vitals *vitals; /* borrowed */
    int64_t due_ms;              /* monotonic */
};

/* Publish a report if one is due and the bus takes it. */
void reporter_tell(struct reporter *reporter, struct bus *bus, int64_t now_ms);

/* The report itself. */
void report_write(const struct vitals *vitals, const struct metrics_sum *sum,
                  struct buffer *buffer);
