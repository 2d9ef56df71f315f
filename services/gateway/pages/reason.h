/* Why a command failed, from the problem that is kept of it. */
#pragma once

#include "common/json/json.h"
#include "common/template/render.h"

/* A template filter: the problem's own sentences; ctx. NULL: there is no problem, or it says
 * nothing to people. */
const char *reason_of_problem(struct render *render, struct json_slice problem);
