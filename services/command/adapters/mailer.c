/* The mailer that EMAIL_URL names. */

#include "services/command/adapters/mailer.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "services/command/adapters/file_mailer.h"
#include "services/command/adapters/mail_message.h"
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

static bool is_without(CURLU *url, CURLUPart part)
{
    CLEANUP(free_text) char *text = part_of(url, part);
    return text == NULL;
}

/* The folder of file:///folder. */
static bool is_file_url(CURLU *url, const char *path)
{
    CLEANUP(free_text) char *scheme = part_of(url, CURLUPART_SCHEME);
    return scheme != NULL && strcmp(scheme, "file") == 0 && path != NULL && strlen(path) > 1;
}

static bool is_smtp_url(CURLU *url, const char *path)
{
    CLEANUP(free_text) char *scheme = part_of(url, CURLUPART_SCHEME);
    CLEANUP(free_text) char *host = part_of(url, CURLUPART_HOST);
    bool is_smtp = scheme != NULL && (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0);
    bool is_bare = path == NULL || strcmp(path, "/") == 0;
    return is_smtp && is_bare && host != NULL;
}

bool email_url_is_valid(const char *email_url)
{
    CLEANUP(free_url) CURLU *url = curl_url();
    if (url == NULL || curl_url_set(url, CURLUPART_URL, email_url, 0) != CURLUE_OK ||
        !is_without(url, CURLUPART_QUERY) || !is_without(url, CURLUPART_FRAGMENT)) {
        return false;
    }
    CLEANUP(free_text) char *path = part_of(url, CURLUPART_PATH);
    return is_file_url(url, path) || is_smtp_url(url, path);
}

enum err mailer_open(const char *email_url, const char *email_from, struct mailer **ret)
{
    if (!email_url_is_valid(email_url) || !mail_address_is_valid(email_from)) {
        return ERR_INVALID_INPUT;
    }
    CLEANUP(free_url) CURLU *url = curl_url();
    if (url == NULL || curl_url_set(url, CURLUPART_URL, email_url, 0) != CURLUE_OK) {
        return ERR_UNAVAILABLE;
    }

    CLEANUP(free_text) char *path = part_of(url, CURLUPART_PATH);
    if (is_file_url(url, path)) {
        return file_mailer_open(path, email_from, ret);
    }
    return smtp_mailer_open(email_url, email_from, ret);
}

void mailer_free(struct mailer *mailer)
{
    free(mailer);
}
