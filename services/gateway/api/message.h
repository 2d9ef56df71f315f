/* From input to the message: properties and headers of docs/wire.md. */
#pragma once

struct request;

/* Fill in the request's call: the encoded input, its identity, who asks, from where, until when,
 * and how long they wait. */
void message_build(struct request *request, const void *input);
