/* From Idempotency-Key to message_id. */

#include "services/gateway/api/identity.h"

#include <string.h>

#include "common/http/idempotency_key.h"
#include "common/service/envelope.h"
#include "services/gateway/request.h"

#define KEY_HEADER "Idempotency-Key"

enum err identity_read(struct request *request)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    size_t count = http_request_header_count(&request->http, KEY_HEADER);
    if (request_is_safe(request) || count == 0) {
        return OK;
    }
    if (count > 1) {
        problem_add(&request->problem, request->arena, KEY_HEADER, "is repeated");
        return ERR_INVALID_INPUT;
    }
    if (!idempotency_key_parse(http_request_header(&request->http, KEY_HEADER), key)) {
        problem_add(&request->problem, request->arena, KEY_HEADER,
                    "must be 1 to %d printable ASCII characters", IDEMPOTENCY_KEY_MAX);
        return ERR_INVALID_INPUT;
    }
    request->idempotency_key = arena_strdup(request->arena, key);
    return OK;
}

/* The session's own message … */
static void digest_of_session(const struct request *request, unsigned char ret[DIGEST_SIZE])
{
    const char *session = request->session.caller;
    const char *key = request->idempotency_key;
    digest_keyed(request->gateway->secret_key, "identity", session, strlen(session), key,
                 strlen(key), ret);
}

/* … or anybody's with this content. A name and a NUL are never the beginning of a session's digest.
 */
static void digest_of_content(const struct request *request, unsigned char ret[DIGEST_SIZE])
{
    const struct call *call = &request->call;
    struct buffer first;
    buffer_init(&first, request->arena);
    buffer_append(&first, call->contract->name, strlen(call->contract->name) + 1);
    buffer_append_text(&first, request->idempotency_key);
    digest_keyed(request->gateway->secret_key, "identity", first.data, first.size, call->body,
                 call->body_size, ret);
}

/* What signs somebody in says itself who that is; any other message is its session's. */
static bool is_starting(const struct request *request)
{
    const struct contract *contract = request->call.contract;
    return contract->session == SESSION_STARTS && contract->caller == CALLER_ANYBODY;
}

static bool is_anonymous(const struct request *request)
{
    return request->session.caller[0] == '\0';
}

void identity_set(struct request *request)
{
    struct call *call = &request->call;
    unsigned char digest[DIGEST_SIZE];
    if (request->idempotency_key != NULL) {
        if (is_starting(request) || is_anonymous(request)) {
            digest_of_content(request, digest);
        } else {
            digest_of_session(request, digest);
        }
        uuid_of_digest(digest, call->message_id);
    } else if (request->is_id_ours) {
        memcpy(call->message_id, request->id, sizeof(call->message_id));
    } else {
        uuid_new(call->message_id);
    }
}

const char *identity_key_digest(const struct request *request)
{
    unsigned char digest[DIGEST_SIZE];
    const char *key = request->idempotency_key;
    if (key == NULL || (is_anonymous(request) && !is_starting(request))) {
        return NULL;
    }
    char *hex = arena_alloc(request->arena, DIGEST_HEX_SIZE);
    digest_keyed(request->gateway->secret_key, "idempotency key", key, strlen(key), "", 0, digest);
    digest_to_hex(digest, hex);
    return hex;
}
