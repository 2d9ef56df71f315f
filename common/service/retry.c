/* Waits, and copies for the ladder. */

#include "common/service/retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/service/envelope.h"

enum { PAUSE_MAX_MS = 30000 };

/* Between half of `most_ms` and all of it. */
static int64_t jitter(int64_t most_ms)
{
    int64_t half_ms = most_ms / 2;
    return most_ms - (int64_t)randombytes_uniform((uint32_t)half_ms + 1);
}

int64_t retry_pause_ms(int tries)
{
    static const int most_of_ms[TRIES_MAX] = {50, 100, 400};
    int further = tries < TRIES_MAX ? 0 : tries - TRIES_MAX + 1;
    int64_t most_ms = (int64_t)most_of_ms[further > 0 ? TRIES_MAX - 1 : tries]
                      << (further < 10 ? further : 10);
    return jitter(most_ms < PAUSE_MAX_MS ? most_ms : PAUSE_MAX_MS);
}

static size_t rung_index(int64_t retries)
{
    if (retries < 0) {
        return 0;
    }
    return retries < RETRY_RUNGS ? (size_t)retries : RETRY_RUNGS - 1;
}

const struct retry_rung *retry_rung_of(int64_t retries)
{
    return &retry_rungs[rung_index(retries)];
}

int64_t retry_wait_ms(int64_t retries, int64_t first_wait_ms)
{
    static const int factors[RETRY_RUNGS] = {1, 5, 30, 150, 450};
    size_t index = rung_index(retries);
    int64_t most_ms = first_wait_ms * factors[index];
    int64_t rung_ms = retry_rungs[index].wait_max_ms;
    return jitter(most_ms < rung_ms ? most_ms : rung_ms);
}

static bool add_header(struct retry_copy *copy, const struct bus_header *header)
{
    if (copy->message.header_count == BUS_HEADERS_MAX) {
        return false;
    }
    copy->headers[copy->message.header_count++] = *header;
    return true;
}

/* The broker's own notes of earlier waits stay behind: it drops what has been round in a circle. */
static bool copy_headers(const struct bus_message *message, struct retry_copy *ret)
{
    for (size_t i = 0; i < message->header_count; i++) {
        const struct bus_header *header = &message->headers[i];
        bool is_copied = header_is_ours(header->name) && strcmp(header->name, HEADER_RETRIES) != 0;
        if (is_copied && !add_header(ret, header)) {
            return false;
        }
    }
    return true;
}

static bool copy(const struct bus_message *message, const char *queue, int64_t retries,
                 struct retry_copy *ret)
{
    const struct bus_header count = {
        .name = HEADER_RETRIES,
        .kind = BUS_INTEGER,
        .integer = retries < RETRIES_MAX ? retries + 1 : RETRIES_MAX,
    };
    ret->message = *message;
    ret->message.routing_key = queue;
    ret->message.headers = ret->headers;
    ret->message.header_count = 0;
    ret->message.is_mandatory = true;
    return copy_headers(message, ret) && add_header(ret, &count);
}

bool retry_copy_make(const struct bus_message *message, const char *queue, int64_t retries,
                     int64_t first_wait_ms, struct retry_copy *ret)
{
    if (!copy(message, queue, retries, ret)) {
        return false;
    }
    ret->message.exchange = retry_rung_of(retries)->exchange;
    ret->message.is_persistent = true;
    (void)snprintf(ret->expiration, sizeof(ret->expiration), "%" PRId64,
                   retry_wait_ms(retries, first_wait_ms));
    ret->message.expiration = ret->expiration;
    return true;
}

int64_t retry_count(const struct bus_message *message)
{
    for (size_t i = 0; i < message->header_count; i++) {
        const struct bus_header *header = &message->headers[i];
        if (strcmp(header->name, HEADER_RETRIES) == 0 && header->kind == BUS_INTEGER) {
            return header->integer < 0 ? 0 : header->integer;
        }
    }
    return 0;
}

bool retry_copy_make_of_query(const struct bus_message *message, const char *queue, int64_t retries,
                              struct retry_copy *ret)
{
    if (!copy(message, queue, retries, ret)) {
        return false;
    }
    ret->message.exchange = "";
    return true;
}
