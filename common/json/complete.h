/* What can only be said of an object as a whole. Internal to the codec. */
#pragma once

#include <stdint.h>

#include "common/json/json.h"
#include "common/json/report.h"

/* Fill in the defaults of fields not `seen`; note at `step` what is missing. */
void complete_object(const struct json_object *object, struct json_report *report,
                     const struct json_step *step, uint64_t seen, void *ret);
