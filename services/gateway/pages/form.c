/* Forms. */

#include "services/gateway/pages/form.h"

#include <string.h>

#include "common/http/media_type.h"
#include "services/gateway/api/identity.h"
#include "services/gateway/api/message.h"
#include "services/gateway/pages/answer.h"
#include "services/gateway/pages/ask.h"
#include "services/gateway/pages/csrf.h"
#include "services/gateway/pages/notice.h"
#include "services/gateway/pages/redirect.h"
#include "services/gateway/pages/values.h"

#define STALE_FORM                                                                                 \
    N_("This form is out of date. Go back, load the page again, and send the form once more.")
#define FORM_CHANGED N_("This form was sent before with other content. Send it again to go on.")

enum { ONCE_MAX = 100 }; /* a UUID, and what tells forms of one name apart */

static const struct page_form *find_form(const struct visit *visit)
{
    const struct page *page = visit->page;
    const struct form_pair *pair = visit_pair(&visit->typed, "form");
    for (size_t i = 0; i < page->form_count; i++) {
        const char *name = page->forms[i].name;
        if (name == NULL || (pair != NULL && strcmp(name, pair->value) == 0)) {
            return &page->forms[i];
        }
    }
    return NULL;
}

static enum err read_typed(struct visit *visit)
{
    const struct http_request *http = &visit->request->http;
    if (request_is_too_large(visit->request)) {
        return ERR_PAYLOAD_TOO_LARGE;
    }
    if (http->body_size > 0 &&
        media_type_parse(http_request_header(http, "Content-Type")) != MEDIA_FORM) {
        return ERR_UNSUPPORTED_MEDIA_TYPE;
    }
    return visit_read_pairs(visit, http->body == NULL ? "" : http->body,
                            http->body == NULL ? 0 : http->body_size, &visit->typed);
}

/* The same form sent twice is the same command; another form of the same page is another. */
static void set_identity(struct visit *visit)
{
    struct request *request = visit->request;
    const struct form_pair *once = visit_pair(&visit->typed, "once");
    const char *name = visit->form->name == NULL ? "" : visit->form->name;
    if (once != NULL && once->value_size >= UUID_LENGTH && once->value_size <= ONCE_MAX &&
        uuid_parse(once->value, UUID_LENGTH, NULL)) {
        request->idempotency_key =
            arena_printf(request->arena, "%s %s %s", once->value, request->http.path, name);
    }
}

/* With what is wrong beside its fields; a page that is only posted to has none to show. */
static enum form_end show_again(struct visit *visit)
{
    if (visit->page->render != NULL) {
        return FORM_AGAIN;
    }
    answer_problem(visit, ERR_INVALID_INPUT, NULL);
    return FORM_ANSWERED;
}

static enum form_end call(struct visit *visit)
{
    struct request *request = visit->request;
    const struct page_form *form = visit->form;
    const void *input;
    if (values_read(visit, form->contract, form->inputs, form->input_count, &visit->form_problem,
                    &input) != OK) {
        return show_again(visit);
    }
    set_identity(visit);
    request->call.contract = form->contract;
    message_build(&request->call, input);
    request_call(request, &request->call);
    return FORM_SENT;
}

static bool fits(struct visit *visit, const struct page_form_notice *notice, const void *result)
{
    for (size_t i = 0; i < notice->condition_count; i++) {
        const struct page_condition *condition = &notice->conditions[i];
        const char *text = redirect_piece(visit, &condition->piece, result);
        if (text == NULL || strcmp(text, condition->text) != 0) {
            return false;
        }
    }
    return true;
}

static void announce(struct visit *visit, const void *result)
{
    for (size_t i = 0; i < visit->form->notice_count; i++) {
        const struct page_form_notice *notice = &visit->form->notices[i];
        if (fits(visit, notice, result)) {
            notice_set(visit->request, notice->code);
            return;
        }
    }
}

static bool has_left_something(const struct page_form *form, const void *result)
{
    return form->has_unfinished && result != NULL &&
           *(const size_t *)(const void *)((const char *)result + form->unfinished_offset) > 0;
}

static enum form_end succeed(struct visit *visit, const void *result)
{
    if (has_left_something(visit->form, result)) {
        visit->form_result = result;
        return FORM_AGAIN;
    }
    const char *url = redirect_of(visit, result);
    announce(visit, result);
    answer_redirect(visit, 302, url);
    return FORM_ANSWERED;
}

static enum form_end submit(struct visit *visit)
{
    enum err err = visit->form->submit(visit->request);
    if (err != OK) {
        answer_problem(visit, err, NULL);
        return FORM_ANSWERED;
    }
    return visit->request->open_calls > 0 ? FORM_SENT : succeed(visit, NULL);
}

enum form_end form_begin(struct visit *visit)
{
    enum err err = read_typed(visit);
    if (err != OK) {
        answer_problem(visit, err, NULL);
        return FORM_ANSWERED;
    }
    if (!csrf_is_right(visit)) {
        answer_problem(visit, ERR_ACCESS_DENIED, STALE_FORM);
        return FORM_ANSWERED;
    }
    visit->form = find_form(visit);
    if (visit->form == NULL) {
        answer_problem(visit, ERR_INVALID_INPUT, NULL);
        return FORM_ANSWERED;
    }
    visit->next = redirect_next(visit);
    if (visit->page->user != PAGE_ANYBODY && visit->request->session.caller[0] == '\0') {
        answer_redirect(visit, 302, visit_login_url(visit));
        return FORM_ANSWERED;
    }
    return visit->form->contract == NULL ? submit(visit) : call(visit);
}

static bool is_ignored(const struct page_form *form, enum err err)
{
    for (size_t i = 0; i < form->ignored_count; i++) {
        if (form->ignored[i] == err) {
            return true;
        }
    }
    return false;
}

static enum session_effect effect_of(const struct visit *visit)
{
    return visit->request->call.contract->session;
}

static void apply_session(struct visit *visit, enum session_effect effect)
{
    struct request *request = visit->request;
    session_apply(&request->session, effect, request->gateway, request->arena, &request->response);
}

/* The service's own sentence, for whoever sent the form; NULL: it would tell them nothing. */
static const char *reason_of(const struct problem *problem)
{
    if (problem->err == ERR_IDEMPOTENCY_MISMATCH) {
        return FORM_CHANGED;
    }
    return err_info(problem->err)->http_status < 500 ? problem->detail : NULL;
}

/* Why the message failed, where the form says it: with a field or with none. */
static void note(struct visit *visit, const struct problem *problem)
{
    const struct page_form *form = visit->form;
    struct request *request = visit->request;
    const char *field = "body";
    const char *reason = reason_of(problem);
    for (size_t i = 0; i < form->error_count; i++) {
        field = form->errors[i].err == problem->err ? form->errors[i].field : field;
    }
    if (problem->err == ERR_INVALID_INPUT && problem->errors != NULL) {
        visit->form_problem = *problem;
        return;
    }
    problem_add(
        &visit->form_problem, request->arena, field, "%s",
        language_text(request->language, reason == NULL ? err_info(problem->err)->title : reason));
}

static bool is_shown_in_form(const struct visit *visit, enum err err)
{
    return visit->page->render != NULL && err != ERR_UNAVAILABLE && err != ERR_EXPIRED &&
           err != ERR_INTERNAL;
}

static enum form_end fail(struct visit *visit, const struct problem *problem)
{
    if (is_ignored(visit->form, problem->err)) {
        if (effect_of(visit) == SESSION_ENDS) {
            apply_session(visit, SESSION_ENDS); /* it had ended before */
        }
        return succeed(visit, NULL);
    }
    visit->form_err = problem->err;
    visit->reason = reason_of(problem);
    if (is_shown_in_form(visit, problem->err)) {
        note(visit, problem);
        return FORM_AGAIN;
    }
    if (problem->err == ERR_ACCESS_DENIED) {
        return FORM_DENIED;
    }
    answer_problem(visit, problem->err, visit->reason);
    return FORM_ANSWERED;
}

enum form_end form_take(struct visit *visit, enum call_outcome outcome,
                        const struct bus_message *reply)
{
    struct problem problem = {0};
    void *result = NULL;
    if (visit->form->contract == NULL) { /* what it is about has been done here */
        return succeed(visit, NULL);
    }
    if (outcome == CALL_PENDING) {
        answer_pending(visit);
        return FORM_ANSWERED;
    }
    ask_read_reply(&visit->request->call, outcome, reply, &problem, &result);
    if (result == NULL) {
        return fail(visit, &problem);
    }
    apply_session(visit, effect_of(visit));
    return succeed(visit, result);
}
