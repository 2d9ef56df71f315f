/*
 * What pages do and show without a message: functions that site/<name>.json names by "local". A
 * submit_… answers a form (but for the redirection), a local_… fills in the struct of a model.
 */
#pragma once

#include "services/gateway/pages/page.h"

/* Remember the language that was chosen. */
enum err submit_language(struct request *request);
