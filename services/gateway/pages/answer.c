/* Responses of pages. */

#include "services/gateway/pages/answer.h"

#include <string.h>

#include "services/gateway/api/respond.h"
#include "services/gateway/api/signature.h"
#include "services/gateway/pages/csrf.h"
#include "services/gateway/pages/fill.h"
#include "services/gateway/pages/local_path.h"
#include "services/gateway/security_headers.h"

static void add_headers(struct visit *visit, int status)
{
    struct request *request = visit->request;
    struct http_response *response = &request->response;
    response->status = status;
    http_response_add(response, "X-Request-ID", request->id);
    http_response_add(response, "Cache-Control", "no-store");
    security_headers_add_for_page(request);
}

static void render(struct visit *visit, const struct page *page, int status)
{
    struct request *request = visit->request;
    struct http_response *response = &request->response;
    struct render output;
    render_init(&output, request->arena, request->language);
    page->render(&output, visit->variables);
    response->body = output.buffer.data;
    response->body_size = output.buffer.size;
    http_response_add(response, "Content-Type", "text/html; charset=utf-8");
    http_response_add(response, "Content-Language", language_tag(request->language));
    csrf_add_cookie(visit);
    add_headers(visit, status);
}

void answer_page(struct visit *visit)
{
    int status = visit->request->response.status; /* as local data may have it */
    if (visit->form_err == ERR_ACCESS_DENIED || visit->form_err == ERR_NOT_FOUND) {
        status = err_info(visit->form_err)->http_status;
    }
    render(visit, visit->page, status == 0 ? 200 : status);
}

static const char *usual_detail(enum err err)
{
    static const char *const details[ERR_COUNT] = {
        [ERR_INVALID_INPUT] = N_("The request cannot be understood."),
        [ERR_ACCESS_DENIED] = N_("You may not do that."),
        [ERR_NOT_FOUND] = N_("There is no such page."),
        [ERR_METHOD_NOT_ALLOWED] = N_("This page cannot be used in that way."),
        [ERR_PAYLOAD_TOO_LARGE] = N_("That is too much to send at once."),
        [ERR_UNSUPPORTED_MEDIA_TYPE] = N_("The form came in a form that is not understood."),
        [ERR_UNAVAILABLE] =
            N_("The service cannot answer at present. Please try again in a moment."),
        [ERR_EXPIRED] = N_("The service cannot answer at present. Please try again in a moment."),
        [ERR_INTERNAL] = N_("Something went wrong on our side."),
    };
    const char *detail = details[err];
    return detail == NULL ? N_("That did not work.") : detail;
}

static void show(struct visit *visit, struct problem_view *view)
{
    struct problem_view *kept = arena_alloc(visit->request->arena, sizeof(*kept));
    *kept = *view;
    if (visit->csrf == NULL) {
        csrf_begin(visit);
    }
    fill_problem(visit, kept);
    render(visit, &problem_page, (int)view->status);
}

/* Of a path that is no page's: programs want it as the API says it. */
static void refuse_program(struct request *request, enum err err, const char *detail)
{
    if (err == ERR_NOT_FOUND) {
        (void)request_fail(request, err, "There is no such path.");
    } else {
        (void)request_fail(request, err, "%s", detail);
    }
    respond_problem(request);
}

void answer_problem(struct visit *visit, enum err err, const char *detail)
{
    struct request *request = visit->request;
    const struct err_info *info = err_info(err);
    const char *allow = http_response_header(&request->response, "Allow");
    request->response = (struct http_response){0};
    if (allow != NULL) {
        http_response_add(&request->response, "Allow", allow);
    }
    detail = language_text(request->language, detail == NULL ? usual_detail(err) : detail);
    if (visit->page == NULL && !request_wants_html(request)) {
        refuse_program(request, err, detail);
        return;
    }
    if (info->http_status == 503) {
        http_response_add(&request->response, "Retry-After", "1");
    }
    show(visit,
         &(struct problem_view){.status = info->http_status, .code = info->code, .detail = detail});
}

void answer_pending(struct visit *visit)
{
    struct request *request = visit->request;
    show(visit,
         &(struct problem_view){
             .status = 202,
             .code = "pending",
             .detail = language_text(request->language,
                                     N_("We have your request and will carry it out soon.")),
             .command = signature_add(request->gateway, request->call.message_id, request->arena),
         });
}

void answer_redirect(struct visit *visit, int status, const char *url)
{
    http_response_add(&visit->request->response, "Location", local_path_is(url) ? url : "/");
    add_headers(visit, status);
}
