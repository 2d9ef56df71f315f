/* The mailer that EMAIL_URL names. */

#include "services/command/adapters/mailer.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "services/command/adapters/file_mailer.h"
#include "services/command/adapters/mail_address.h"
#include "services/command/adapters/smtp_mailer.h"

static void free_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void free_text(char **text)
{
    curl_free(*text);
}

/* A part of the URL, decoded; NULL when it has none, or one with control characters in it. */
static char *part_of(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    return curl_url_get(url, part, &text, CURLU_URLDECODE) == CURLUE_OK ? text : NULL;
}

/* What a URL says. */
struct target {
    CURLU *url;
    char *scheme;
    char *path;
    char *query;
    bool has_login;
};

static void free_target(struct target *target)
{
    free_url(&target->url);
    free_text(&target->scheme);
    free_text(&target->path);
    free_text(&target->query);
}

static bool has_part(CURLU *url, CURLUPart part)
{
    CLEANUP(free_text) char *text = part_of(url, part);
    return text != NULL;
}

/* False when it is no URL at all. */
static bool read_target(const char *text, struct target *ret)
{
    ret->url = curl_url();
    if (ret->url == NULL || curl_url_set(ret->url, CURLUPART_URL, text, 0) != CURLUE_OK) {
        return false;
    }
    ret->scheme = part_of(ret->url, CURLUPART_SCHEME);
    ret->path = part_of(ret->url, CURLUPART_PATH);
    ret->query = part_of(ret->url, CURLUPART_QUERY);
    ret->has_login = has_part(ret->url, CURLUPART_USER) || has_part(ret->url, CURLUPART_PASSWORD);
    return ret->scheme != NULL && !has_part(ret->url, CURLUPART_FRAGMENT);
}

/* file:///folder */
static bool is_file(const struct target *target)
{
    return strcmp(target->scheme, "file") == 0 && target->path != NULL &&
           strlen(target->path) > 1 && target->query == NULL;
}

/* How much TLS is asked for; false when that cannot be done. */
static bool find_tls(const struct target *target, enum smtp_tls *ret)
{
    static const char *const queries[] = {
        [SMTP_TLS_OFFERED] = "tls=offered",
        [SMTP_TLS_REQUIRED] = "tls=required",
        [SMTP_TLS_NONE] = "tls=none",
    };
    bool is_implicit = strcmp(target->scheme, "smtps") == 0;
    if (target->query == NULL) {
        *ret = is_implicit || target->has_login ? SMTP_TLS_REQUIRED : SMTP_TLS_OFFERED;
        return true;
    }
    for (size_t i = 0; i < ARRAY_COUNT(queries); i++) {
        if (strcmp(target->query, queries[i]) == 0) {
            *ret = (enum smtp_tls)i;
            return !is_implicit && !(target->has_login && *ret == SMTP_TLS_OFFERED);
        }
    }
    return false;
}

static bool is_smtp(const struct target *target)
{
    enum smtp_tls tls;
    bool has_scheme = strcmp(target->scheme, "smtp") == 0 || strcmp(target->scheme, "smtps") == 0;
    bool is_bare = target->path == NULL || strcmp(target->path, "/") == 0;
    return has_scheme && is_bare && has_part(target->url, CURLUPART_HOST) && find_tls(target, &tls);
}

const char *mailer_complaint(const struct mailer_options *options)
{
    CLEANUP(free_target) struct target target = {.url = NULL};
    if (!read_target(options->url, &target) || (!is_file(&target) && !is_smtp(&target))) {
        return "EMAIL_URL must look like file:///directory, smtps://[user:password@]host[:port] or "
               "smtp://[user:password@]host[:port][?tls=required|none] (tls=offered: without a "
               "password only)";
    }
    if (!mail_address_is_valid(options->from)) {
        return "EMAIL_FROM must be a bare address: name@domain";
    }
    if (options->ca_file[0] != '\0' && access(options->ca_file, R_OK) != 0) {
        return "EMAIL_CA_FILE cannot be read";
    }
    return NULL;
}

static enum err open_smtp(const struct mailer_options *options, const struct target *target,
                          struct mailer **ret)
{
    struct smtp_options smtp = {.from = options->from, .ca_file = options->ca_file};
    CLEANUP(free_text) char *url = NULL;
    bool is_usable = find_tls(target, &smtp.tls) &&
                     curl_url_set(target->url, CURLUPART_QUERY, NULL, 0) == CURLUE_OK &&
                     curl_url_get(target->url, CURLUPART_URL, &url, 0) == CURLUE_OK;
    if (!is_usable) {
        return ERR_INVALID_INPUT;
    }
    smtp.url = url;
    *ret = smtp_mailer_new(&smtp);
    return OK;
}

enum err mailer_open(const struct mailer_options *options, struct mailer **ret)
{
    CLEANUP(free_target) struct target target = {.url = NULL};
    if (mailer_complaint(options) != NULL || !read_target(options->url, &target)) {
        return ERR_INVALID_INPUT;
    }
    return is_file(&target) ? file_mailer_open(target.path, options->from, ret)
                            : open_smtp(options, &target, ret);
}

void mailer_free(struct mailer *mailer)
{
    free(mailer);
}
