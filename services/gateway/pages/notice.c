/* Notices. */

#include "services/gateway/pages/notice.h"

#include <string.h>

#include "services/gateway/cookies.h"
#include "services/gateway/pages/page.h"
#include "services/gateway/request.h"

enum { SHOWN_WITHIN_S = 60 };

void notice_set(struct request *request, const char *code)
{
    const struct gateway *gateway = request->gateway;
    cookies_set(gateway, request->arena, &request->response, gateway->notice_cookie_name, code,
                SHOWN_WITHIN_S);
}

const char *notice_read(struct request *request)
{
    const struct gateway *gateway = request->gateway;
    const char *code;
    size_t size;
    if (!cookies_find(&request->http, gateway->notice_cookie_name, &code, &size)) {
        return NULL;
    }
    if (!request_is(request, "HEAD")) {
        cookies_set(gateway, request->arena, &request->response, gateway->notice_cookie_name, "",
                    0);
    }
    for (size_t i = 0; i < page_notice_count; i++) {
        const struct page_notice *notice = &page_notices[i];
        if (strlen(notice->code) == size && memcmp(notice->code, code, size) == 0) {
            return language_text(request->language, notice->text);
        }
    }
    return NULL;
}
