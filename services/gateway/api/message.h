/* From input to the message: properties and headers of docs/wire.md. */
#pragma once

struct call;

/*
 * Fill in a call that has its request, its contract and, unless it waits as long as may be, its
 * wait: the encoded input, who asks, from where, until when. The request's own call has the
 * identity of the request (identity.h); any other has one that is new.
 */
void message_build(struct call *call, const void *input);
