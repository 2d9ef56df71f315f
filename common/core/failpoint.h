/*
 * Named places at which the fault suite makes a process die, crash, hang or wait, and guarantees
 * that it breaks on purpose to see whether the suite would notice. Only in builds with
 * -Dfaults=true, where two environment variables say what happens; in all others nothing of it is
 * there. Any thread.
 *
 * FAILPOINTS: rules, separated by ";", each `point=action` or `point=action@condition`:
 *   action     kill (SIGKILL), crash (abort), hang (for ever), wait:<ms>
 *   condition  nth:<n> (the nth time in this process only), every:<n>, text:<what the text holds>
 * BREAKAGE: identity (duplicates are done again), outbox (outgoing messages are stored
 * nowhere: a death after the commit loses them), ack (messages are acked as they come)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Where a command's way can be cut: the words of FAILPOINTS. */
#define FAILPOINT_AFTER_RECEIVE "after_receive"       /* a worker has the delivery */
#define FAILPOINT_AFTER_BEGIN "after_begin"           /* its identity is taken, nothing is done */
#define FAILPOINT_HANDLER "handler"                   /* in place of the handler's first line */
#define FAILPOINT_BEFORE_COMMIT "before_commit"       /* all is done but the commit */
#define FAILPOINT_AFTER_COMMIT "after_commit"         /* nobody has been told */
#define FAILPOINT_AFTER_REPLY "after_reply"           /* the reply is confirmed, nothing is acked */
#define FAILPOINT_OUTBOX_CONFIRMED "outbox_confirmed" /* published, not yet deleted */
#define FAILPOINT_DEAD_PUBLISHED "dead_published"     /* a dead letter replayed, not yet deleted */

enum breakage { BREAKAGE_IDENTITY, BREAKAGE_OUTBOX, BREAKAGE_ACK };

#ifdef POSTROOM_FAULTS

/* Do what the rules say. `text` is what a condition looks at, such as a message's body; may be
 * NULL. */
void failpoint_reach(const char *point, const char *text, size_t size);
bool failpoint_is_broken(enum breakage breakage);

#else

static inline void failpoint_reach(const char *point, const char *text, size_t size)
{
    (void)point;
    (void)text;
    (void)size;
}

static inline bool failpoint_is_broken(enum breakage breakage)
{
    (void)breakage;
    return false;
}

#endif
