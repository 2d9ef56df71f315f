/* Local functions of pages. */

#include "services/gateway/pages/local.h"

#include <string.h>

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
    return OK;
}
