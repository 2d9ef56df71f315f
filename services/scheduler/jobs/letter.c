/* Dead letters without secrets. */

#include "jobs/letter.h"

#include <string.h>

#include "common/bus/topology.h"
#include "common/contract/contract.h"
#include "common/core/buffer.h"
#include "common/core/digest.h"
#include "common/core/uuid.h"
#include "common/service/envelope.h"
#include "common/service/kept_headers.h"

#define HEADER_DEATH_QUEUE "x-first-death-queue"
#define HEADER_DEATH_REASON "x-first-death-reason"

/* Short, printable ASCII: all that these headers may hold, and fit for any log and database. */
static bool is_plain(const char *text)
{
    size_t size = 0;
    while (text[size] >= ' ' && text[size] <= '~' && size <= BUS_SHORT_TEXT_MAX) {
        size++;
    }
    return text[size] == '\0';
}

static const char *text_header(const struct bus_message *message, const char *name)
{
    for (size_t i = 0; i < message->header_count; i++) {
        const struct bus_header *header = &message->headers[i];
        if (header->kind == BUS_TEXT && strcmp(header->name, name) == 0 && is_plain(header->text)) {
            return header->text;
        }
    }
    return NULL;
}

static const struct contract *find_by_queue(const char *queue)
{
    for (size_t i = 0; i < contract_count; i++) {
        if (contracts[i]->queue != NULL && strcmp(contracts[i]->queue, queue) == 0) {
            return contracts[i];
        }
    }
    return NULL;
}

/* What has waited on the ladder of retries comes from a queue that is none of a message. */
static bool is_rung(const char *queue)
{
    for (size_t i = 0; queue != NULL && i < RETRY_RUNGS; i++) {
        if (strcmp(queue, retry_rungs[i].queue) == 0) {
            return true;
        }
    }
    return false;
}

static const struct contract *contract_of(const struct bus_message *message, const char *queue)
{
    const struct contract *contract = queue == NULL ? NULL : find_by_queue(queue);
    if (contract == NULL && message->type != NULL) {
        contract = contract_find(message->type, strlen(message->type));
    }
    return contract;
}

static const char *name_of(const struct bus_message *message, const struct contract *contract,
                           struct arena *arena)
{
    if (contract != NULL) {
        return contract->name;
    }
    bool has_plain_key = message->routing_key != NULL && message->routing_key[0] != '\0' &&
                         is_plain(message->routing_key);
    return has_plain_key ? arena_strdup(arena, message->routing_key) : "unknown";
}

static const char *body_of(const struct bus_message *message, const struct contract *contract,
                           struct arena *arena)
{
    if (contract == NULL || message->body == NULL) {
        return "null";
    }
    struct buffer text;
    buffer_init(&text, arena);
    json_redact(contract->input, message->body, message->body_size, arena, &text);
    return text.data;
}

static const char *message_id_of(const struct bus_message *message, struct arena *arena)
{
    char id[UUID_TEXT_SIZE];
    const char *given = message->message_id;
    return given != NULL && uuid_parse(given, strlen(given), id) ? arena_strdup(arena, id) : NULL;
}

/* Out of what the broker gave up: a worker checks the user again, should the letter be sent again.
 */
static int64_t user_of(const struct bus_message *message)
{
    for (size_t i = 0; i < message->header_count; i++) {
        const struct bus_header *header = &message->headers[i];
        if (header->kind == BUS_INTEGER && strcmp(header->name, HEADER_USER_ID) == 0) {
            return header->integer;
        }
    }
    return NOBODY;
}

static const char *session_of(const struct bus_message *message, struct arena *arena)
{
    const char *digest = text_header(message, HEADER_SESSION);
    return digest != NULL && digest_is_hex(digest) ? arena_strdup(arena, digest) : NULL;
}

static const char *problem_of(enum err err, const char *detail, struct arena *arena)
{
    const struct problem problem = {.err = err, .detail = detail};
    struct buffer text;
    buffer_init(&text, arena);
    problem_encode(&problem, &text);
    return text.data;
}

void letter_make(const struct bus_message *message, struct arena *arena, struct dead_letter *ret)
{
    const char *queue = text_header(message, HEADER_DEATH_QUEUE);
    const char *reason = text_header(message, HEADER_DEATH_REASON);
    if (is_rung(queue)) { /* its way back is gone; a rung has no reason of its own to give up */
        bool is_named = message->routing_key != NULL && is_plain(message->routing_key);
        queue = is_named ? arena_strdup(arena, message->routing_key) : NULL;
        reason = "there is no such queue any more";
    }
    const struct contract *contract = contract_of(message, queue);
    enum err err = reason != NULL && strcmp(reason, "expired") == 0 ? ERR_EXPIRED : ERR_INTERNAL;
    const char *detail = arena_printf(arena, "the broker gave it up: %s (%s)",
                                      reason == NULL ? "unknown reason" : reason,
                                      queue == NULL ? "an unknown queue" : queue);
    int64_t user_id = user_of(message);
    *ret = (struct dead_letter){
        .message_id = message_id_of(message, arena),
        .message = name_of(message, contract, arena),
        .code = err_info(err)->code,
        .detail = detail,
        .body = body_of(message, contract, arena),
        .headers = kept_headers_encode(message, is_plain, arena),
        .session = user_id == NOBODY ? session_of(message, arena) : NULL,
        .user_id = user_id,
        .problem = problem_of(err, "the broker gave it up", arena),
        .is_final = err == ERR_INTERNAL,
    };
}
