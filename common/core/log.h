/*
 * Logging for the edges: one line an event on standard error, `time=… level=… service=… event=…
 * key=value …`, or one JSON object a line with LOG_FORMAT=json. The middle of the code returns
 * errors and logs nothing. Any thread; a line is one write(2). No secret goes in: names of fields
 * and ids, never bodies.
 *
 * The format and the service's name are set once by main, before any thread, and never change: the
 * only process-wide state there is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/core/attributes.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

/* `service` is static. Lines below `level` are dropped. */
void log_configure(const char *service, enum log_format format, enum log_level level);

/*
 * `event` is a short static phrase in snake_case ("message_handled"). `format` makes the pairs:
 *     log_event(LOG_INFO, "message_handled", "message=%s ms=%d detail=\"%s\"", name, ms, text);
 * The names and their number are the format's, whatever is in the arguments: it has `name=value`,
 * separated by spaces, in quotes where a value may hold spaces (`detail="%s"`). A value is of
 * letters and of the conversions %s, %d, %u (with l, ll, z, and a width filled up with zeros) and
 * %.Nf; it is escaped, and quoted where it has to be. Values that are too long together are cut.
 */
void log_event(enum log_level level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);
