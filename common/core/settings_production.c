/* What production is refused. */

#include "common/core/settings_production.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { CHARACTERS_MIN = 8, PART_SIZE = 256 };

/* A part of a URL: name or password. */
struct part {
    char text[PART_SIZE];
    bool is_there;
};

bool settings_is_weak_key(const char *key)
{
    bool is_seen[256] = {false};
    unsigned different = 0;
    for (const char *c = key; *c != '\0'; c++) {
        different += is_seen[(unsigned char)*c] ? 0 : 1;
        is_seen[(unsigned char)*c] = true;
    }
    return different < CHARACTERS_MIN ||
           strncmp(key, SETTINGS_INSECURE_PREFIX, strlen(SETTINGS_INSECURE_PREFIX)) == 0;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *place = c == '\0' ? NULL : strchr(digits, c);
    return place == NULL ? -1 : (int)((place - digits) % 16);
}

/* What is too long for a part is cut: no password that everybody knows is. */
static void take_part(struct part *ret, const char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < size && used + 1 < sizeof(ret->text); i++) {
        char c = text[i];
        if (c == '%' && size - i > 2 && hex_value(text[i + 1]) >= 0 &&
            hex_value(text[i + 2]) >= 0) {
            c = (char)(16 * hex_value(text[i + 1]) + hex_value(text[i + 2]));
            i += 2;
        }
        ret->text[used++] = c;
    }
    ret->text[used] = '\0';
    ret->is_there = true;
}

/* scheme://user:password@host… */
static void find_in_authority(const char *url, struct part *user, struct part *password)
{
    const char *scheme_end = strstr(url, "://");
    if (scheme_end == NULL) {
        return;
    }
    const char *authority = scheme_end + 3;
    size_t size = strcspn(authority, "/?#");
    const char *at = memrchr(authority, '@', size);
    if (at == NULL) {
        return;
    }
    const char *colon = memchr(authority, ':', (size_t)(at - authority));
    const char *user_end = colon == NULL ? at : colon;
    take_part(user, authority, (size_t)(user_end - authority));
    if (colon != NULL) {
        take_part(password, colon + 1, (size_t)(at - colon - 1));
    }
}

/* …?password=…, as PostgreSQL has it; or password=… among other words. */
static void find_parameter(const char *url, const char *name, struct part *ret)
{
    size_t size = strlen(name);
    for (const char *at = strstr(url, name); at != NULL; at = strstr(at + 1, name)) {
        bool is_name = (at == url || strchr("?& ", at[-1]) != NULL) && at[size] == '=';
        if (is_name) {
            const char *value = at + size + 1;
            value += *value == '\'' ? 1 : 0;
            take_part(ret, value, strcspn(value, "& '"));
        }
    }
}

bool settings_has_known_password(const char *url)
{
    static const char *const known[] = {"",         "guest",    "admin",    "password", "changeme",
                                        "rabbitmq", "postgres", "postroom", "secret"};
    struct part user = {.is_there = false};
    struct part password = {.is_there = false};
    find_in_authority(url, &user, &password);
    find_parameter(url, "user", &user);
    find_parameter(url, "password", &password);
    if (!password.is_there) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (strcasecmp(password.text, known[i]) == 0) {
            return true;
        }
    }
    return (user.is_there && strcmp(user.text, password.text) == 0) ||
           strncmp(password.text, SETTINGS_INSECURE_PREFIX, strlen(SETTINGS_INSECURE_PREFIX)) == 0;
}

/* Then it is guest's: the library fills it in, whoever the user is. */
static bool is_without_password(const char *amqp_url)
{
    struct part user = {.is_there = false};
    struct part password = {.is_there = false};
    find_in_authority(amqp_url, &user, &password);
    return strncmp(amqp_url, "amqp", 4) == 0 && !password.is_there;
}

const char *settings_production_complaint(const struct settings *settings)
{
    if (settings->secret_key != NULL && settings_is_weak_key(settings->secret_key)) {
        return "SECRET_KEY is not for production: make one by `openssl rand -hex 32`";
    }
    if (settings->amqp_url != NULL && (is_without_password(settings->amqp_url) ||
                                       settings_has_known_password(settings->amqp_url))) {
        return "AMQP_URL has a password that everybody knows: production needs another one";
    }
    if (settings->database_url != NULL && settings_has_known_password(settings->database_url)) {
        return "DATABASE_URL has a password that everybody knows: production needs another one";
    }
    if (settings->secure_cookies == SECURE_COOKIES_NO) {
        return "SECURE_COOKIES must not be \"no\" in production";
    }
    bool has_public_url = settings->public_url != NULL && settings->public_url[0] != '\0';
    if (has_public_url && strncasecmp(settings->public_url, "https://", 8) != 0) {
        return "PUBLIC_URL must begin with https:// in production";
    }
    return NULL;
}
