/* postroom dead retry: lock, publish, confirm, delete. */

#include "dead_retry.h"

#include <stdio.h>
#include <string.h>

#include "common/core/failpoint.h"
#include "dead_body.h"
#include "verb.h"

struct attempt {
    const struct contract *contract;
    struct dead_letter letter;
    struct buffer body; /* with its secrets */
};

/* Forget what stands in the way. In a transaction of its own: the worker that gets the message must
 * see it. */
static int prepare(struct dead_retry *self, int64_t id, struct arena *arena, struct attempt *ret)
{
    int status = dead_letter_lock(self->db, id, arena, &ret->letter);
    if (status != EXIT_DONE) {
        return status;
    }
    ret->contract = dead_body_contract(&ret->letter);
    buffer_init(&ret->body, arena);
    status = ret->contract == NULL ? EXIT_PROBLEM
                                   : dead_body_fill(&ret->letter, ret->contract, self->assignments,
                                                    self->assignment_count, &ret->body);
    if (status != EXIT_DONE) {
        postgres_rollback(self->db);
        return status;
    }
    return dead_letter_make_way(self->db, &ret->letter, arena);
}

/* Locked once more, and still the letter that was prepared? */
static int lock_again(struct dead_retry *self, struct arena *arena, struct attempt *attempt)
{
    struct dead_letter now;
    int status = dead_letter_lock(self->db, attempt->letter.id, arena, &now);
    if (status != EXIT_DONE) {
        return status;
    }
    bool is_same = now.message_id != NULL &&
                   strcmp(now.message_id, attempt->letter.message_id) == 0 &&
                   strcmp(now.body, attempt->letter.body) == 0;
    if (!is_same) {
        postgres_rollback(self->db);
        return cli_fail(EXIT_PROBLEM, "dead letter %lld has just been changed by somebody else",
                        (long long)now.id);
    }
    attempt->letter = now;
    return EXIT_DONE;
}

/* The letter stays, and its command has failed as before: until it comes again, as it may if its
 * fate is not known. */
static int give_up(struct dead_retry *self, const struct attempt *attempt, enum dead_fate fate,
                   struct arena *arena)
{
    const struct dead_letter *letter = &attempt->letter;
    postgres_rollback(self->db);
    int status = dead_letter_note_failed(self->db, letter, DEAD_LETTER_FAILED_YET, arena);
    self->is_pointless = status != EXIT_DONE || fate == DEAD_FATE_UNKNOWN;
    if (fate == DEAD_FATE_UNKNOWN) {
        return cli_fail(EXIT_NO_ANSWER,
                        "dead letter %lld stays: it is not known whether the broker has it (%s); "
                        "to retry it again does no harm",
                        (long long)letter->id, self->publisher->trouble);
    }
    return cli_fail(EXIT_UNREACHABLE, "dead letter %lld stays: %s", (long long)letter->id,
                    self->publisher->trouble);
}

static int finish(struct dead_retry *self, const struct attempt *attempt, struct arena *arena)
{
    const struct dead_letter *letter = &attempt->letter;
    const struct dead_letter_action action = {
        .actor = self->actor,
        .action = "retry",
        .detail = arena_printf(arena, "sent again%s after: %s",
                               self->assignment_count > 0 ? ", with secrets given anew," : "",
                               letter->detail),
    };
    int status = dead_letter_remove(self->db, letter, &action);
    if (status == EXIT_DONE) {
        (void)printf("dead letter %lld: %s is sent again as %s\n", (long long)letter->id,
                     letter->message, letter->message_id);
    }
    return status;
}

int dead_retry_letter(struct dead_retry *self, int64_t id, struct arena *arena)
{
    if (!dead_publisher_await(self->publisher, self->timeout_ms)) {
        self->is_pointless = true;
        return cli_fail(EXIT_UNREACHABLE, "cannot reach the broker: %s", self->publisher->trouble);
    }
    struct attempt attempt;
    int status = prepare(self, id, arena, &attempt);
    if (status == EXIT_DONE) {
        status = lock_again(self, arena, &attempt);
    }
    if (status != EXIT_DONE) {
        self->is_pointless = status == EXIT_UNREACHABLE;
        return status;
    }
    enum dead_fate fate = dead_publisher_send(self->publisher, attempt.contract, &attempt.letter,
                                              &attempt.body, self->timeout_ms);
    if (fate != DEAD_FATE_TAKEN) {
        return give_up(self, &attempt, fate, arena);
    }
    failpoint_reach(FAILPOINT_DEAD_PUBLISHED, attempt.body.data, attempt.body.size);
    status = finish(self, &attempt, arena);
    self->is_pointless = status == EXIT_UNREACHABLE;
    return status;
}
