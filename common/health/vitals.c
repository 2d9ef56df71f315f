/* What the threads of a process count, added up. */

#include "common/health/vitals.h"

#include <string.h>
#include <unistd.h>

#include "common/core/clock.h"
#include "common/health/exposition.h"

void vitals_init(struct vitals *ret, const char *service)
{
    *ret = (struct vitals){
        .service = service,
        .started_at_us = clock_wall_us(),
        .pid = getpid(),
    };
    if (gethostname(ret->host, VITALS_HOST_MAX) != 0 || ret->host[0] == '\0') {
        strcpy(ret->host, "unknown");
    }
}

bool vitals_is_serving(const struct vitals *vitals)
{
    for (size_t i = 0; i < vitals->metrics_count; i++) {
        if (!atomic_load_explicit(&vitals->metrics[i]->is_serving, memory_order_relaxed)) {
            return false;
        }
    }
    return true;
}

void vitals_write_metrics(const struct vitals *vitals, struct buffer *buffer)
{
    struct metrics_sum sum;
    metrics_add_up(vitals->metrics, vitals->metrics_count, buffer->arena, &sum);
    exposition_process(buffer, &sum, vitals->started_at_us);
}
