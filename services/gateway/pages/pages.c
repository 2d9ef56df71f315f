/* The walk of a visit. */

#include "services/gateway/pages/pages.h"

#include <string.h>

#include "services/gateway/cross_site.h"
#include "services/gateway/pages/answer.h"
#include "services/gateway/pages/ask.h"
#include "services/gateway/pages/csrf.h"
#include "services/gateway/pages/fill.h"
#include "services/gateway/pages/find.h"
#include "services/gateway/pages/form.h"
#include "services/gateway/pages/redirect.h"

enum { PAGE_BODY_MAX = 2 * 1024 * 1024 }; /* a post of the longest, percent-encoded */

static enum err check_head(struct visit *visit)
{
    struct request *request = visit->request;
    if (http_request_is_ambiguous(&request->http)) {
        return ERR_INVALID_INPUT;
    }
    TRY(find_page(visit));
    return cross_site_check(request);
}

static bool read_head(struct request *request)
{
    struct visit *visit = visit_new(request);
    request_identify(request);
    visit->form_problem.language = request->language;
    request->body_max = PAGE_BODY_MAX;
    request->problem.err = check_head(visit);
    return request->problem.err == OK && !request_is_safe(request);
}

/* All that was asked has come: the page, or why there is none. */
static enum err check_asked(struct visit *visit)
{
    enum err err = ask_find_user(visit);
    if (visit->page->user != PAGE_ANYBODY) {
        TRY(err); /* others can be shown without a name on them */
    }
    if (visit->page->user == PAGE_STAFF && visit->user != NULL && !visit->user->is_staff) {
        return ERR_ACCESS_DENIED;
    }
    for (size_t i = 0; i < visit->ask_count; i++) {
        const struct visit_ask *ask = &visit->asks[i];
        if (ask->ask != NULL) {
            TRY(ask->problem.err);
        }
    }
    return fill_page(visit);
}

static bool is_refusal(enum err err)
{
    return err == ERR_ACCESS_DENIED || err == ERR_NOT_FOUND;
}

/* Somebody who has to sign in first, be it for the page or for what its form was to do. */
static bool is_lacking_user(const struct visit *visit, enum err err)
{
    return visit->page != NULL && visit->user == NULL && visit->is_visitor &&
           (visit->page->user != PAGE_ANYBODY || err == ERR_ACCESS_DENIED ||
            visit->form_err == ERR_ACCESS_DENIED);
}

static void finish(struct visit *visit)
{
    enum err err = visit->page == NULL ? ERR_NOT_FOUND : OK;
    if (err != OK || visit->is_denied) {
        (void)ask_find_user(visit);
    }
    err = err != OK ? err : visit->is_denied ? ERR_ACCESS_DENIED : check_asked(visit);
    if (is_refusal(err) && is_refusal(visit->form_err)) {
        err = visit->form_err; /* what was sent comes first: it knows why */
    }
    if (is_lacking_user(visit, err)) {
        answer_redirect(visit, 302, visit_login_url(visit));
        return;
    }
    if (err != OK) {
        answer_problem(visit, err, err == visit->form_err ? visit->reason : NULL);
        return;
    }
    answer_page(visit);
}

static void ask(struct visit *visit)
{
    struct request *request = visit->request;
    if (visit->page->user != PAGE_ANYBODY && request->session.caller[0] == '\0') {
        answer_redirect(visit, 302, visit_login_url(visit));
        return;
    }
    enum err err = ask_begin(visit);
    if (err != OK) {
        answer_problem(visit, err, NULL);
        return;
    }
    if (visit->open_count == 0) {
        finish(visit);
    }
}

/* Who visits, to say what they may not do, or to greet them on a page that is not there. */
static void ask_only_who(struct visit *visit)
{
    if (!ask_who(visit)) {
        finish(visit);
    }
}

static void go_on(struct visit *visit, enum form_end end)
{
    switch (end) {
    case FORM_AGAIN:
        ask(visit);
        return;
    case FORM_DENIED:
        visit->is_denied = true;
        ask_only_who(visit);
        return;
    case FORM_SENT:
    case FORM_ANSWERED:
        return;
    }
}

static void refuse(struct visit *visit)
{
    enum err err = visit->request->problem.err;
    const char *longer = err == ERR_NOT_FOUND ? find_with_slash(visit) : NULL;
    if (longer != NULL) {
        answer_redirect(visit, 301, longer);
        return;
    }
    if (err == ERR_NOT_FOUND && !request_is_too_large(visit->request)) {
        ask_only_who(visit);
        return;
    }
    answer_problem(visit, err, NULL);
}

static void begin(struct request *request)
{
    struct visit *visit = visit_of(request);
    const char *query = request->http.query;
    session_read(&request->session, request->gateway, &request->http);
    csrf_begin(visit);
    if (request->problem.err != OK) {
        refuse(visit);
        return;
    }
    if (query != NULL && visit_read_pairs(visit, query, strlen(query), &visit->query) != OK) {
        answer_problem(visit, ERR_INVALID_INPUT, NULL);
        return;
    }
    visit->next = redirect_next(visit);
    if (request_is(request, "POST")) {
        go_on(visit, form_begin(visit));
        return;
    }
    if (request_is_too_large(request)) {
        answer_problem(visit, ERR_PAYLOAD_TOO_LARGE, NULL);
        return;
    }
    ask(visit);
}

static void take(struct request *request, struct call *call, enum call_outcome outcome,
                 const struct bus_message *reply)
{
    struct visit *visit = visit_of(request);
    if (call == &request->call) {
        go_on(visit, form_take(visit, outcome, reply));
        return;
    }
    if (ask_take(visit, call, outcome, reply)) {
        finish(visit);
    }
}

const struct responder page_responder = {.read_head = read_head, .begin = begin, .take = take};
