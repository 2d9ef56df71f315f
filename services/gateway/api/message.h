/* From input to the message: properties and headers of docs/wire.md. */
#pragma once

struct request;

/* Fill in the request's call: the encoded input, and who asks, from where, until when. */
void message_build(struct request *request, const void *input);
