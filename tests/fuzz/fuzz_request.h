/* Requests for the gateway's fuzz targets, from `METHOD target`, lines of `Name: value`, an empty
 * line, and the body. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "services/gateway/request.h"

/* Stop here: something is wrong. */
static inline void require(bool is_true)
{
    if (!is_true) {
        __builtin_trap();
    }
}

/* Of a development gateway; owned: request_free. */
struct request *fuzz_request(const uint8_t *data, size_t size);
/* The response can be written as it is. */
void fuzz_check_response(const struct request *request);
