/* A cookie, or else Accept-Language. */

#include "services/gateway/language.h"

#include <string.h>

#include "services/gateway/cookies.h"
#include "services/gateway/request.h"

enum { TAG_SIZE = 16 };

bool language_is_chosen(const struct request *request, enum language *ret)
{
    const char *value;
    size_t size;
    char tag[TAG_SIZE];
    if (!cookies_find(&request->http, request->gateway->language_cookie_name, &value, &size) ||
        size >= sizeof(tag)) {
        return false;
    }
    memcpy(tag, value, size);
    tag[size] = '\0';
    return language_from_tag(tag, ret);
}

enum language language_of_request(const struct request *request)
{
    enum language language;
    return language_is_chosen(request, &language)
               ? language
               : language_choose(http_request_header(&request->http, "Accept-Language"));
}
