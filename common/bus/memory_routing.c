/* How messages go: into queues, out of them, back, and to the dead letters. */

#include "common/bus/memory_broker.h"

#include <stdlib.h>
#include <string.h>

#include "common/bus/memory_message.h"
#include "common/core/clock.h"

/* AMQP 0-9-1, 3.1.3.3: words between dots; `*` is one, `#` any number of them. */
static bool is_topic_match(const char *pattern, const char *key)
{
    size_t pattern_word = strcspn(pattern, ".");
    size_t key_word = strcspn(key, ".");
    const char *pattern_rest = pattern + pattern_word + (pattern[pattern_word] == '.');
    const char *key_rest = key + key_word + (key[key_word] == '.');
    if (strncmp(pattern, "#", pattern_word) == 0 && pattern_word == 1) {
        return is_topic_match(pattern_rest, key) ||
               (*key != '\0' && is_topic_match(pattern, key_rest));
    }
    if (*pattern == '\0' || *key == '\0') {
        return *pattern == *key;
    }
    bool is_word_equal = pattern_word == 1 && pattern[0] == '*';
    if (!is_word_equal) {
        is_word_equal = pattern_word == key_word && strncmp(pattern, key, key_word) == 0;
    }
    return is_word_equal && is_topic_match(pattern_rest, key_rest);
}

static bool is_bound(const struct memory_exchange *exchange, const struct memory_binding *binding,
                     const char *routing_key)
{
    if (strcmp(binding->exchange, exchange->name) != 0) {
        return false;
    }
    if (strcmp(exchange->kind, "fanout") == 0) {
        return true;
    }
    if (strcmp(exchange->kind, "topic") == 0) {
        return is_topic_match(binding->routing_key, routing_key);
    }
    return strcmp(binding->routing_key, routing_key) == 0;
}

/* false: full; every queue of ours with a limit has x-overflow reject-publish */
static bool queue_put(struct memory_queue *queue, const struct bus_message *message)
{
    if (queue->max_length >= 0 && queue->size >= (size_t)queue->max_length) {
        return false;
    }
    struct memory_message *copy = memory_message_copy(message, NULL, 0);
    if (queue->wait_max_ms >= 0) {
        int64_t end_ms = clock_monotonic_ms() + queue->wait_max_ms;
        bool is_sooner = copy->expires_ms == 0 || end_ms < copy->expires_ms;
        copy->expires_ms = is_sooner ? end_ms : copy->expires_ms;
    }
    *queue->end = copy;
    queue->end = &copy->next;
    queue->size++;
    return true;
}

enum memory_outcome memory_broker_route(struct memory_broker *broker,
                                        const struct bus_message *message)
{
    if (message->exchange[0] == '\0') {
        struct memory_queue *queue = memory_queue_find(broker, message->routing_key);
        if (queue == NULL) {
            return MEMORY_UNROUTABLE;
        }
        return queue_put(queue, message) ? MEMORY_TAKEN : MEMORY_REFUSED;
    }
    const struct memory_exchange *exchange = memory_exchange_find(broker, message->exchange);
    if (exchange == NULL) {
        return MEMORY_NO_EXCHANGE;
    }
    enum memory_outcome outcome = MEMORY_UNROUTABLE;
    for (struct memory_binding *b = broker->bindings; b != NULL; b = b->next) {
        if (!is_bound(exchange, b, message->routing_key)) {
            continue;
        }
        bool is_taken = queue_put(b->queue, message);
        outcome = !is_taken || outcome == MEMORY_REFUSED ? MEMORY_REFUSED : MEMORY_TAKEN;
    }
    if (outcome == MEMORY_UNROUTABLE && exchange->alternate != NULL) {
        struct bus_message other = *message;
        other.exchange = exchange->alternate;
        return memory_broker_route(broker, &other);
    }
    return outcome;
}

static struct memory_message *take_first(struct memory_queue *queue)
{
    struct memory_message *message = queue->first;
    queue->first = message->next;
    queue->end = queue->first == NULL ? &queue->first : queue->end;
    queue->size--;
    message->next = NULL;
    return message;
}

/* Only the first: as with RabbitMQ, one that has expired behind one that has not stays. */
static void expire(struct memory_broker *broker, struct memory_queue *queue)
{
    while (queue->first != NULL && queue->first->expires_ms != 0 &&
           clock_monotonic_ms() >= queue->first->expires_ms) {
        memory_queue_dead_letter(broker, queue, take_first(queue), "expired");
    }
}

void memory_broker_expire(struct memory_broker *broker)
{
    for (struct memory_queue *queue = broker->queues; queue != NULL; queue = queue->next) {
        expire(broker, queue);
    }
}

struct memory_message *memory_queue_take(struct memory_broker *broker, struct memory_queue *queue)
{
    expire(broker, queue);
    return queue->first == NULL ? NULL : take_first(queue);
}

void memory_queue_give_back(struct memory_broker *broker, struct memory_queue *queue,
                            struct memory_message *message)
{
    message->is_redelivered = true;
    message->delivery_count += queue->is_quorum ? 1 : 0;
    if (queue->delivery_limit >= 0 && message->delivery_count > queue->delivery_limit) {
        memory_queue_dead_letter(broker, queue, message, "delivery_limit");
        return;
    }
    message->next = queue->first;
    queue->end = queue->first == NULL ? &message->next : queue->end;
    queue->first = message;
    queue->size++;
}

void memory_queue_dead_letter(struct memory_broker *broker, struct memory_queue *queue,
                              struct memory_message *message, const char *reason)
{
    const struct bus_header death[] = {
        {.name = "x-death", .kind = BUS_OTHER},
        {.name = "x-first-death-exchange", .kind = BUS_TEXT, .text = message->message.exchange},
        {.name = "x-first-death-queue", .kind = BUS_TEXT, .text = queue->name},
        {.name = "x-first-death-reason", .kind = BUS_TEXT, .text = reason},
    };
    if (queue->dead_letter_exchange != NULL) {
        struct bus_message dead = message->message;
        dead.exchange = queue->dead_letter_exchange;
        dead.expiration = NULL;
        bool has_room = dead.header_count + ARRAY_COUNT(death) <= BUS_HEADERS_MAX;
        dead.is_malformed = dead.is_malformed || !has_room;
        struct memory_message *copy =
            memory_message_copy(&dead, death, has_room ? ARRAY_COUNT(death) : 0);
        memory_broker_route(broker, &copy->message);
        free(copy);
    }
    free(message);
}
