/* Cookies of requests and responses (RFC 6265). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/http/message.h"

struct gateway;

/* Find the first cookie of this name, in any of the headers. `ret_value` points into the header. */
bool cookies_find(const struct http_request *http, const char *name, const char **ret_value,
                  size_t *ret_size);

/* Set a cookie for all of this site, out of the reach of scripts and of other sites' requests that
 * change something; with a max_age_s of 0 it is taken away. `value` needs no quoting. */
void cookies_set(const struct gateway *gateway, struct arena *arena, struct http_response *response,
                 const char *name, const char *value, int64_t max_age_s);
