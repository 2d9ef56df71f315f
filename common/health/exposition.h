/*
 * Prometheus text exposition, version 0.0.4: families with HELP and TYPE, samples, histograms.
 * Labels are written by the caller as `name="value",…`, of texts that need no escaping: names of
 * ours. Appends to the buffer, in the order of the calls.
 */
#pragma once

#include "common/core/buffer.h"
#include "common/health/metrics.h"

#define EXPOSITION_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* `type`: "counter", "gauge", "histogram". */
void exposition_family(struct buffer *buffer, const char *name, const char *type, const char *help);
/* `labels` may be "". */
void exposition_sample(struct buffer *buffer, const char *name, const char *labels, double value);
/* In seconds. */
void exposition_histogram(struct buffer *buffer, const char *name, const char *labels,
                          const struct histogram_sum *sum);

/* What every process says: its start, its parts, its messages. */
void exposition_process(struct buffer *buffer, const struct metrics_sum *sum,
                        int64_t started_at_us);
