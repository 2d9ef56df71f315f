/*
 * Who answers a request, from its head to its response: the API, the pages. The loop asks them in
 * the order in which they are listed in responders.c; each is const and static, and holds nothing
 * of a request: that is in the request. One thread a request.
 */
#pragma once

#include "common/core/attributes.h"
#include "services/gateway/call.h"

struct request;

struct responder {
    /* The headers are there: path, method, cross-site. False: the body need not be kept. */
    bool (*read_head)(struct request *request);
    /* The body is there, too. Begin calls with request_call, or make the response. */
    void (*begin)(struct request *request);
    /* The outcome of one of its calls; `reply` is borrowed, and NULL unless it is CALL_REPLIED. The
     * response is sent once no call is open any more. */
    void (*take)(struct request *request, struct call *call, enum call_outcome outcome,
                 const struct bus_message *reply);
};

/* Whose request it is, by its path; never NULL. */
const struct responder *responder_of(const struct request *request);
