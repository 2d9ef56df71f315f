/* postroom dead retry, drop, edit: verbs that change something, and leave a line in the audit
 * trail. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "common/bus/amqp_bus.h"
#include "database.h"
#include "dead.h"
#include "dead_body.h"
#include "dead_retry.h"
#include "input.h"
#include "verb.h"

enum { GOODBYE_MS = 1000, SHOWN_MAX = 400 };

struct change {
    struct postgres *db;
    const char *actor;
    bool is_pointless;
};

static int retry_one(void *owner, int64_t id, struct arena *arena)
{
    return dead_retry_letter(owner, id, arena);
}

static int retry_with(const struct settings *settings, const struct dead_request *request,
                      struct postgres *db, struct arena *arena)
{
    struct topology *topology = topology_new(contracts, contract_count);
    const struct amqp_bus_options options = {
        .url = settings->amqp_url,
        .connection_name = arena_printf(arena, "postroom dead %d", (int)getpid()),
        .topology = topology,
        .heartbeat_seconds = (unsigned)settings->heartbeat_seconds,
        .has_confirms = true,
    };
    struct dead_publisher publisher = {0};
    publisher.bus = amqp_bus_new(&options, &dead_publisher_events, &publisher);
    struct dead_retry retry = {
        .db = db,
        .publisher = &publisher,
        .actor = account_name(arena),
        .assignments = request->assignments,
        .assignment_count = request->assignment_count,
        .timeout_ms = settings->reply_timeout_ms,
    };
    int status =
        dead_request_each(request, db, "sent again", retry_one, &retry, &retry.is_pointless);
    bus_close(publisher.bus, GOODBYE_MS);
    bus_free(publisher.bus);
    topology_free(topology);
    return status;
}

int dead_retry_run(const struct dead_request *request, struct arena *arena)
{
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_BROKER | CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    return db == NULL ? EXIT_UNREACHABLE : retry_with(&settings, request, db, arena);
}

static int drop_one(void *owner, int64_t id, struct arena *arena)
{
    struct change *self = owner;
    struct dead_letter letter;
    int status = dead_letter_lock(self->db, id, arena, &letter);
    if (status == EXIT_DONE) {
        status = dead_letter_note_failed(self->db, &letter, DEAD_LETTER_FAILED, arena);
    }
    if (status == EXIT_DONE) {
        const struct dead_letter_action action = {
            .actor = self->actor, .action = "drop", .detail = letter.detail};
        status = dead_letter_remove(self->db, &letter, &action);
    }
    if (status == EXIT_DONE) {
        (void)printf("dead letter %lld: %s is dropped\n", (long long)id, letter.message);
    }
    self->is_pointless = status == EXIT_UNREACHABLE;
    return status;
}

int dead_drop_run(const struct dead_request *request, struct arena *arena)
{
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    if (db == NULL) {
        return EXIT_UNREACHABLE;
    }
    struct change change = {.db = db, .actor = account_name(arena)};
    return dead_request_each(request, db, "dropped", drop_one, &change, &change.is_pointless);
}

static int make_body(const struct dead_request *request, const struct dead_letter *letter,
                     const struct buffer *json, struct buffer *ret)
{
    const struct contract *contract = dead_body_contract(letter);
    if (contract == NULL) {
        return EXIT_PROBLEM;
    }
    return request->is_stdin ? dead_body_replace(letter, contract, json, ret)
                             : dead_body_assign(letter, contract, request->assignments,
                                                request->assignment_count, ret);
}

/* The beginning of a body, for the audit trail: cut between characters. */
static int shown_size(const char *body)
{
    size_t size = strnlen(body, SHOWN_MAX);
    while (size > 0 && ((unsigned char)body[size] & 0xC0) == 0x80) {
        size--;
    }
    return (int)size;
}

static int edit(struct postgres *db, const struct dead_request *request, const struct buffer *json,
                struct arena *arena)
{
    struct dead_letter letter;
    int status = dead_letter_lock(db, request->ids[0], arena, &letter);
    if (status != EXIT_DONE) {
        return status;
    }
    struct buffer body;
    buffer_init(&body, arena);
    status = make_body(request, &letter, json, &body);
    if (status != EXIT_DONE) {
        postgres_rollback(db);
        return status;
    }
    const struct dead_letter_action action = {
        .actor = account_name(arena),
        .action = "edit",
        .detail = arena_printf(arena, "from %.*s to %.*s", shown_size(letter.body), letter.body,
                               shown_size(body.data), body.data),
    };
    status = dead_letter_change(db, &letter, body.data, &action);
    if (status == EXIT_DONE) {
        (void)printf("%s\n", body.data);
    }
    return status;
}

int dead_edit_run(const struct dead_request *request, struct arena *arena)
{
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    struct buffer json;
    buffer_init(&json, arena);
    if (request->is_stdin && !input_read_stdin(&json)) {
        return EXIT_USAGE;
    }
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    return db == NULL ? EXIT_UNREACHABLE : edit(db, request, &json, arena);
}
