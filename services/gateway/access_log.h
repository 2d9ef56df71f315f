/* One line a request: never bodies, tokens or query strings. */
#pragma once

struct request;

void access_log_write(const struct request *request);
