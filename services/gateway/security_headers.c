/* Response headers for safety. */

#include "services/gateway/security_headers.h"

#include "services/gateway/request.h"

static const struct http_header common[] = {
    {.name = "X-Content-Type-Options", .value = "nosniff"},
    {.name = "X-Frame-Options", .value = "DENY"},
    {.name = "Referrer-Policy", .value = "same-origin"},
    {.name = "Cross-Origin-Opener-Policy", .value = "same-origin"},
    {.name = "Cross-Origin-Resource-Policy", .value = "same-origin"},
    {.name = "Permissions-Policy",
     .value = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
              "microphone=(), payment=(), usb=()"},
};

void security_headers_add(struct request *request, const char *content_policy)
{
    struct http_response *response = &request->response;
    http_response_add(response, "Content-Security-Policy", content_policy);
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        http_response_add(response, common[i].name, common[i].value);
    }
    if (request->gateway->is_cookie_secure) {
        http_response_add(response, "Strict-Transport-Security",
                          "max-age=63072000; includeSubDomains");
    }
}

void security_headers_add_for_data(struct request *request)
{
    security_headers_add(request, "default-src 'none'; frame-ancestors 'none'");
}

void security_headers_add_for_page(struct request *request)
{
    security_headers_add(
        request, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                 "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                 "frame-ancestors 'none'");
}
