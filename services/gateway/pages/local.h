/*
 * What pages do and show without a message: functions that site/<name>.json names by "local". A
 * submit_… answers a form (but for the redirection, which waits for the calls that it begins, and
 * not for their success), a local_… fills in the struct of a model.
 */
#pragma once

#include "services/gateway/pages/page.h"

/* How each part is: struct health. The page comes with 503 unless all is well. */
enum err local_health(struct request *request, void *ret);

/* What goes on: struct operations_overview. */
enum err local_operations(struct request *request, void *ret);

/* Remember the language that was chosen: in the browser, and for the e-mails of who is signed in.
 */
enum err submit_language(struct request *request);
