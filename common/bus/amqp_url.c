/* amqp:// URLs: the library takes them apart; what it lets pass is refused here. */

#include "common/bus/amqp_url.h"

#include <amqp.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/amqp_bus.h"
#include "common/core/memory.h"

/* What the library lets pass: no host, parameters, control characters, a NUL that would cut a text
 * short. */
static bool is_plausible(const char *url)
{
    if (strncmp(url, "amqp://", 7) != 0 || strstr(url, "%00") != NULL) {
        return false;
    }
    for (const char *c = url; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || *c == '?' || *c == '#') {
            return false;
        }
    }
    const char *authority = url + 7;
    size_t size = strcspn(authority, "/");
    const char *at = memrchr(authority, '@', size);
    const char *host = at == NULL ? authority : at + 1;
    return host < authority + size && *host != ':';
}

bool amqp_url_parse(const char *url, struct amqp_url *ret)
{
    if (!is_plausible(url)) {
        return false;
    }
    size_t size = strlen(url) + 1;
    char *storage = memcpy(memory_grow(NULL, size), url, size);
    struct amqp_connection_info info;
    amqp_default_connection_info(&info);
    bool is_valid = amqp_parse_url(storage, &info) == AMQP_STATUS_OK && info.port > 0 &&
                    info.port <= 65535 && strlen(info.vhost) <= 255;
    if (!is_valid) {
        free(storage);
        return false;
    }
    *ret = (struct amqp_url){
        .storage = storage,
        .user = info.user,
        .password = info.password,
        .host = info.host,
        .vhost = info.vhost[0] == '\0' ? "/" : info.vhost,
        .port = info.port,
    };
    return true;
}

void amqp_url_free(struct amqp_url *url)
{
    free(url->storage);
    *url = (struct amqp_url){0};
}

bool amqp_url_is_valid(const char *url)
{
    struct amqp_url parsed;
    if (!amqp_url_parse(url, &parsed)) {
        return false;
    }
    amqp_url_free(&parsed);
    return true;
}
