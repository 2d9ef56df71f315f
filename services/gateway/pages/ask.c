/* Asks. */

#include "services/gateway/pages/ask.h"

#include "contracts/users_me.h"
#include "services/gateway/api/message.h"
#include "services/gateway/pages/values.h"

static enum err read_body(struct call *call, const struct bus_message *reply,
                          struct problem *problem, void **ret)
{
    struct arena *arena = call->request->arena;
    struct problem ignored = {0};
    enum reply_kind kind = call_reply_kind(call, reply);
    if (kind == REPLY_PROBLEM) {
        return problem_decode(reply->body, reply->body_size, arena, problem);
    }
    if (kind == REPLY_FOUL) {
        return ERR_INTERNAL;
    }
    void *result = arena_alloc(arena, call->contract->result->size);
    TRY(json_decode(call->contract->result, reply->body, reply->body_size, arena, &ignored,
                    result));
    *ret = result;
    return OK;
}

void ask_read_reply(struct call *call, enum call_outcome outcome, const struct bus_message *reply,
                    struct problem *problem, void **ret)
{
    if (outcome != CALL_REPLIED) {
        problem->err = ERR_UNAVAILABLE;
    } else if (read_body(call, reply, problem, ret) != OK) {
        problem->err = ERR_INTERNAL;
    }
}

static void begin(struct visit *visit, struct visit_ask *ask, const void *input)
{
    visit->open_count++;
    message_build(&ask->call, input);
    request_call(visit->request, &ask->call);
}

static struct visit_ask *add(struct visit *visit, const struct contract *contract)
{
    struct visit_ask *ask = &visit->asks[visit->ask_count++];
    ask->call.request = visit->request;
    ask->call.contract = contract;
    return ask;
}

static bool has_session(const struct visit *visit)
{
    return visit->request->session.caller[0] != '\0';
}

bool ask_who(struct visit *visit)
{
    static const struct users_me_query nothing = {0};
    if (visit->asks == NULL) {
        visit->asks = arena_alloc(visit->request->arena, sizeof(*visit->asks));
    }
    if (!has_session(visit)) {
        return false;
    }
    begin(visit, add(visit, &users_me_contract), &nothing);
    return true;
}

enum err ask_begin(struct visit *visit)
{
    const struct page *page = visit->page;
    struct request *request = visit->request;
    const void **inputs = arena_alloc(request->arena, page->ask_count * sizeof(*inputs));
    for (size_t i = 0; i < page->ask_count; i++) {
        const struct page_ask *ask = &page->asks[i];
        if (ask->contract != NULL) {
            TRY(values_read(visit, ask->contract, ask->inputs, ask->input_count, &request->problem,
                            &inputs[i]));
        }
    }
    visit->asks = arena_alloc(request->arena, (page->ask_count + 1) * sizeof(*visit->asks));
    (void)ask_who(visit);
    for (size_t i = 0; i < page->ask_count; i++) {
        if (page->asks[i].contract != NULL) {
            struct visit_ask *ask = add(visit, page->asks[i].contract);
            ask->ask = &page->asks[i];
            begin(visit, ask, inputs[i]);
        }
    }
    return OK;
}

bool ask_take(struct visit *visit, struct call *call, enum call_outcome outcome,
              const struct bus_message *reply)
{
    for (size_t i = 0; i < visit->ask_count; i++) {
        struct visit_ask *ask = &visit->asks[i];
        if (&ask->call == call) {
            ask_read_reply(call, outcome, reply, &ask->problem, &ask->result);
            visit->open_count--;
        }
    }
    return visit->open_count == 0;
}

enum err ask_find_user(struct visit *visit)
{
    const struct visit_ask *who = visit->ask_count == 0 ? NULL : &visit->asks[0];
    if (who == NULL || who->ask != NULL) {
        visit->is_visitor = !has_session(visit);
        return OK;
    }
    if (who->result != NULL) {
        visit->user = &((const struct users_me_result *)who->result)->user;
        return OK;
    }
    visit->is_visitor = who->problem.err == ERR_ACCESS_DENIED;
    return visit->is_visitor ? OK : who->problem.err;
}
