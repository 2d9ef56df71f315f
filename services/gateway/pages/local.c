/* Local functions of pages. */

#include "services/gateway/pages/local.h"

#include <string.h>

#include "contracts/users_set_language.h"
#include "services/gateway/api/message.h"
#include "services/gateway/cookies.h"
#include "services/gateway/overview.h"
#include "services/gateway/pages/visit.h"

enum { LANGUAGE_MAX_AGE_S = 365 * 86400 };

enum err local_health(struct request *request, void *ret)
{
    const struct health *health = ret;
    overview_health(request->local, request->arena, ret);
    request->response.status = health->status == HEALTH_STATUS_OK ? 200 : 503;
    return OK;
}

enum err local_operations(struct request *request, void *ret)
{
    overview_operations(request->gateway, request->local, request->arena, ret);
    return OK;
}

/* For the e-mails of who is signed in. Nobody waits for more than that the broker has it, and the
 * page is as chosen whatever becomes of it. */
static void tell(struct request *request, enum language language)
{
    const struct users_set_language_command command = {.language = language_tag(language)};
    request->call.contract = &users_set_language_contract;
    request->call.is_async = true;
    message_build(&request->call, &command);
    request_call(request, &request->call);
}

enum err submit_language(struct request *request)
{
    const struct gateway *gateway = request->gateway;
    const struct form_pair *chosen = visit_pair(&visit_of(request)->typed, "language");
    enum language language;
    if (chosen == NULL || strlen(chosen->value) != chosen->value_size ||
        !language_from_tag(chosen->value, &language)) {
        return ERR_INVALID_INPUT;
    }
    cookies_set(gateway, request->arena, &request->response, gateway->language_cookie_name,
                language_tag(language), LANGUAGE_MAX_AGE_S);
    if (request->session.caller[0] != '\0') {
        tell(request, language);
    }
    return OK;
}
