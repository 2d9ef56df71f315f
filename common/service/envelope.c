/* Reading the properties and headers of a message, all errors at once. */

#include "common/service/envelope.h"

#include <inttypes.h>
#include <string.h>

#include "common/contract/contract.h"
#include "common/core/digest.h"
#include "common/json/text.h"

enum { ADDRESS_MAX = 64, LANGUAGE_MAX = 256, POSITION_MAX = 32, TRACEPARENT_MAX = 128 };

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool header_is_ours(const char *name)
{
    static const char *const ours[] = {HEADER_USER_ID,        HEADER_SESSION,  HEADER_NEW_SESSION,
                                       HEADER_CLIENT_ADDRESS, HEADER_LANGUAGE, HEADER_MIN_POSITION,
                                       HEADER_TRACEPARENT,    HEADER_DEADLINE, HEADER_RETRIES,
                                       HEADER_IDEMPOTENCY_KEY};
    return is_among(name, ours, ARRAY_COUNT(ours));
}

bool header_may_be_kept(const char *name)
{
    static const char *const kept[] = {
        HEADER_USER_ID,     HEADER_CLIENT_ADDRESS, HEADER_LANGUAGE,       HEADER_MIN_POSITION,
        HEADER_TRACEPARENT, HEADER_DEADLINE,       HEADER_IDEMPOTENCY_KEY};
    return is_among(name, kept, ARRAY_COUNT(kept));
}

struct reading_of {
    struct arena *arena;
    struct problem *problem;
};

static const char *copy_text(struct arena *arena, const char *text)
{
    return text == NULL || *text == '\0' ? NULL : arena_strdup(arena, text);
}

static void refuse(struct reading_of *reading, const char *field, const char *why)
{
    problem_add(reading->problem, reading->arena, field, "%s",
                language_text(reading->problem->language, why));
}

static void read_text(struct reading_of *reading, const struct bus_header *header, size_t maximum,
                      const char **ret)
{
    if (header->kind != BUS_TEXT) {
        refuse(reading, header->name, "must be a text");
        return;
    }
    size_t characters;
    if (text_measure(header->text, strlen(header->text), &characters) != TEXT_FINE) {
        refuse(reading, header->name, "must be valid UTF-8");
        return;
    }
    if (characters > maximum) {
        problem_add(reading->problem, reading->arena, header->name,
                    "must be at most %zu characters long", maximum);
        return;
    }
    *ret = copy_text(reading->arena, header->text);
}

static void read_digest(struct reading_of *reading, const struct bus_header *header,
                        const char **ret)
{
    if (header->kind != BUS_TEXT || !digest_is_hex(header->text)) {
        refuse(reading, header->name, "must be a SHA-256 digest in lower-case hex");
        return;
    }
    *ret = arena_strdup(reading->arena, header->text);
}

static bool read_integer(struct reading_of *reading, const struct bus_header *header, int64_t *ret)
{
    bool is_in_range = header->kind == BUS_INTEGER && header->integer >= -JSON_INTEGER_MAX &&
                       header->integer <= JSON_INTEGER_MAX;
    if (!is_in_range) {
        refuse(reading, header->name, "must be an integer within ±(2^53-1)");
        return false;
    }
    *ret = header->integer;
    return true;
}

static void read_deadline(struct reading_of *reading, const struct bus_header *header, int64_t *ret)
{
    if (read_integer(reading, header, ret) && *ret == 0) {
        *ret = 1; /* 0 is for none, and has passed as long ago */
    }
}

static void read_header(struct reading_of *reading, const struct bus_header *header,
                        struct envelope *ret)
{
    const char *name = header->name;
    if (strcmp(name, HEADER_USER_ID) == 0) {
        ret->has_user_id = read_integer(reading, header, &ret->user_id);
    } else if (strcmp(name, HEADER_SESSION) == 0) {
        read_digest(reading, header, &ret->session);
    } else if (strcmp(name, HEADER_NEW_SESSION) == 0) {
        read_digest(reading, header, &ret->new_session);
    } else if (strcmp(name, HEADER_CLIENT_ADDRESS) == 0) {
        read_text(reading, header, ADDRESS_MAX, &ret->client_address);
    } else if (strcmp(name, HEADER_LANGUAGE) == 0) {
        read_text(reading, header, LANGUAGE_MAX, &ret->language);
    } else if (strcmp(name, HEADER_MIN_POSITION) == 0) {
        read_text(reading, header, POSITION_MAX, &ret->min_position);
    } else if (strcmp(name, HEADER_TRACEPARENT) == 0) {
        read_text(reading, header, TRACEPARENT_MAX, &ret->traceparent);
    } else if (strcmp(name, HEADER_DEADLINE) == 0) {
        read_deadline(reading, header, &ret->deadline_ms);
    } else if (strcmp(name, HEADER_RETRIES) == 0) {
        (void)read_integer(reading, header, &ret->retries);
    } else if (strcmp(name, HEADER_IDEMPOTENCY_KEY) == 0) {
        read_digest(reading, header, &ret->idempotency_key);
    } /* any other header is somebody else's: brokers and tracers add theirs */
}

static bool has_header(const struct bus_message *message, const char *name)
{
    for (size_t i = 0; i < message->header_count; i++) {
        if (strcmp(message->headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void read_message_id(struct reading_of *reading, const struct bus_message *message,
                            const struct contract *contract, struct envelope *ret)
{
    if (message->message_id == NULL) {
        if (contract->kind == MESSAGE_COMMAND) {
            refuse(reading, "message_id", "is required");
        }
        return;
    }
    if (!uuid_parse(message->message_id, strlen(message->message_id), ret->message_id)) {
        refuse(reading, "message_id", "must be a UUID");
    }
}

/* Known first: whatever else is wrong is said in it. */
static enum language language_wanted(const struct bus_message *message)
{
    for (size_t i = 0; i < message->header_count; i++) {
        const struct bus_header *header = &message->headers[i];
        if (strcmp(header->name, HEADER_LANGUAGE) == 0 && header->kind == BUS_TEXT) {
            return language_choose(header->text);
        }
    }
    return LANGUAGE_EN;
}

static bool is_json(const char *content_type)
{
    size_t size = strlen(CONTENT_TYPE_JSON);
    return strncasecmp(content_type, CONTENT_TYPE_JSON, size) == 0 &&
           (content_type[size] == '\0' || content_type[size] == ';' || content_type[size] == ' ');
}

enum err envelope_read(const struct bus_message *message, const struct contract *contract,
                       struct arena *arena, struct problem *problem, struct envelope *ret)
{
    struct reading_of reading = {.arena = arena, .problem = problem};
    *ret = (struct envelope){.reply_to = copy_text(arena, message->reply_to)};
    ret->correlation_id = message->correlation_id != NULL
                              ? arena_strdup(arena, message->correlation_id)
                              : copy_text(arena, message->message_id);

    problem->language = language_wanted(message);
    if (message->is_malformed) {
        refuse(&reading, "headers", "cannot be read");
    }
    read_message_id(&reading, message, contract, ret);
    if (message->type != NULL && strcmp(message->type, contract->name) != 0) {
        problem_add(problem, arena, "type", "must be %s", contract->name);
    }
    if (message->content_type != NULL && !is_json(message->content_type)) {
        problem_add(problem, arena, "content_type", "must be %s", CONTENT_TYPE_JSON);
    }
    for (size_t i = 0; i < message->header_count; i++) {
        read_header(&reading, &message->headers[i], ret);
    }
    if (has_header(message, HEADER_USER_ID) && has_header(message, HEADER_SESSION)) {
        refuse(&reading, HEADER_USER_ID, "cannot be given together with session");
    }
    return problem->err;
}
