/*
 * The broker as one loop sees it: two buses (one publishes, one consumes the loop's own reply
 * queue), the calls that wait, and what is known of the queues' consumers. Nothing here blocks. One
 * thread: the loop's.
 *
 * Work in flight is bounded: admission.h. A broker that has not answered a question for a second,
 * and let nothing else be heard, counts as gone for new calls; so does one in memory or disk alarm.
 *
 * It never lies about an outcome: CALL_UNAVAILABLE is told of what was not written, was returned or
 * was refused, and of queries; a command that was written and has no answer in time is
 * CALL_PENDING. Where a sender does not wait for the outcome, or not long, that is told only once
 * the broker has confirmed to have the command. When a connection is lost under a call, the message
 * is sent again under its message_id as soon as both connections are back: the receiver knows it by
 * that. So it is after its sender was told CALL_PENDING, until the broker has it: leftovers.h.
 */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/bus/bus.h"
#include "services/gateway/admission.h"
#include "services/gateway/call.h"
#include "services/gateway/gateway.h"

struct broker;

/* `reply` is borrowed until the function returns, and NULL unless the outcome is CALL_REPLIED. */
typedef void broker_outcome_function(void *owner, struct call *call, enum call_outcome outcome,
                                     const struct bus_message *reply);

/* Owned. `gateway` is static. */
struct broker *broker_new(const struct gateway *gateway, const struct admission_limits *limits,
                          broker_outcome_function *on_outcome, void *owner);
void broker_free(struct broker *broker);

/* What its buses report to, with the broker as their owner. */
const struct bus_events *broker_publisher_events(void);
const struct bus_events *broker_replies_events(void);

/* Are both buses up, and does the broker take publications? */
bool broker_is_ready(const struct broker *broker);

/* Give it its buses; the broker owns them from now on. */
void broker_attach(struct broker *broker, struct bus *publisher, struct bus *replies);

/*
 * Send a call and wait for its outcome: for its wait_ms, at most the gateway's reply_timeout_ms;
 * for one that is_async, for the broker's confirmation. ERR_UNAVAILABLE: nothing was sent, and no
 * outcome will be told. OK: exactly one outcome will be, never from within this function.
 */
MUST_CHECK enum err broker_call(struct broker *broker, struct call *call, int64_t now_ms);

/* Nobody waits for this call any more. */
void broker_forget(struct broker *broker, struct call *call);

enum { BROKER_FDS = 2 };
/* What to wait for; an fd of -1 is to be ignored, as poll(2) does. */
void broker_poll_fds(struct broker *broker, struct pollfd ret[BROKER_FDS]);
/* Read what has come and tell the outcomes. `fds` are those of broker_poll_fds, with what poll(2)
 * said of them. */
void broker_receive(struct broker *broker, const struct pollfd fds[BROKER_FDS], int64_t now_ms);
/* End the waits that are over, ask what has to be asked, write what waits to be written. */
void broker_send(struct broker *broker, int64_t now_ms);
/* In how many ms broker_receive and broker_send must be called at the latest. */
int broker_timeout_ms(struct broker *broker, int64_t now_ms);

/* Is it ready, does it answer when it is asked, and do reports go on to come? */
bool broker_is_answering(const struct broker *broker);
/* Somebody looks at all queues: their counts are kept fresh for some seconds. */
void broker_watch_queues(struct broker *broker);
/* The counts of a contract's queue; false where they are not known of late. */
bool broker_queue_counts(struct broker *broker, const char *queue, int64_t *ret_consumers,
                         int64_t *ret_messages);
/* What processes have told of themselves; the broker's. */
struct reports *broker_reports(struct broker *broker);
/* The bus it publishes by, for what else the loop has to tell; borrowed. */
struct bus *broker_publisher(struct broker *broker);

/* How many calls wait for their outcome. */
size_t broker_waiting_count(const struct broker *broker);
/* How many commands were called pending, and the broker has not said that it has them. */
size_t broker_leftover_count(const struct broker *broker);
/* End all waits now, as if their time were over. */
void broker_give_up(struct broker *broker);
/* Say goodbye to the broker. */
void broker_close(struct broker *broker, int timeout_ms);
