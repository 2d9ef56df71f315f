/* How query-service does a message: who acts, then the handler. Nothing is written, so nothing is
 * kept. */
#pragma once

#include "common/service/executor.h"
#include "reading.h"

struct query_executor {
    struct executor base;
    struct reading *reading; /* borrowed */
};

void query_executor_init(struct query_executor *executor, struct reading *reading);
