/* A mailer that hands each mail to an SMTP server. */

#include "services/command/adapters/smtp_mailer.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/clock.h"
#include "common/core/log.h"
#include "common/core/memory.h"
#include "services/command/adapters/mail_message.h"

enum { CONNECT_TIMEOUT_MS = 3000, TOTAL_TIMEOUT_MS = 7000 };

struct smtp_mailer {
    struct mailer base;
    const char *from;
    const char *ca_file;
    enum smtp_tls tls;
    char url[]; /* with the password in it: never in a log */
};

/* What is still to be sent, and until when. */
struct upload {
    const char *data;
    size_t size;
    int64_t deadline_ms; /* monotonic */
};

static void free_handle(CURL **handle)
{
    curl_easy_cleanup(*handle);
}

static void free_list(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

static size_t read_upload(char *place, size_t size, size_t count, void *context)
{
    struct upload *upload = context;
    size_t taken = upload->size < size * count ? upload->size : size * count;
    memcpy(place, upload->data, taken);
    upload->data += taken;
    upload->size -= taken;
    return taken;
}

/* Called once a second or more often. The library's own time-out does not cover the good-bye: QUIT
 * waits for two minutes. */
static int may_go_on(void *context, UNUSED curl_off_t download_total, UNUSED curl_off_t downloaded,
                     UNUSED curl_off_t upload_total, UNUSED curl_off_t uploaded)
{
    const struct upload *upload = context;
    return clock_monotonic_ms() < upload->deadline_ms ? 0 : 1;
}

static long use_of_tls(enum smtp_tls tls)
{
    static const curl_usessl uses[] = {
        [SMTP_TLS_OFFERED] = CURLUSESSL_TRY,
        [SMTP_TLS_REQUIRED] = CURLUSESSL_ALL,
        [SMTP_TLS_NONE] = CURLUSESSL_NONE,
    };
    return (long)uses[tls];
}

static void prepare(CURL *handle, const struct smtp_mailer *mailer, struct curl_slist *to,
                    struct upload *upload)
{
    const char *url = mailer->url; /* the library's macro takes no flexible array */
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, ""); /* nor what the environment says */
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)TOTAL_TIMEOUT_MS);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, may_go_on);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, upload);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L); /* so that QUIT is part of the transfer */
    curl_easy_setopt(handle, CURLOPT_USE_SSL, use_of_tls(mailer->tls));
    if (mailer->ca_file[0] != '\0') {
        curl_easy_setopt(handle, CURLOPT_CAINFO, mailer->ca_file);
        curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, mailer->from);
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_upload);
    curl_easy_setopt(handle, CURLOPT_READDATA, upload);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)upload->size);
}

/* 5xx is for good; but a server that then fell silent, or has no TLS today, did not say it of the
 * mail. */
static bool is_refused(CURLcode code, long answer)
{
    bool is_of_connection = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK ||
                            code == CURLE_USE_SSL_FAILED;
    return !is_of_connection && answer >= 500 && answer <= 599;
}

static enum err deliver(const struct smtp_mailer *mailer, struct ctx *ctx, const char *address,
                        const struct buffer *message)
{
    CLEANUP(free_list) struct curl_slist *to = curl_slist_append(NULL, address);
    CLEANUP(free_handle) CURL *handle = curl_easy_init(); /* the first one sets the library up */
    if (to == NULL || handle == NULL) {
        return ctx_fail(ctx, ERR_UNAVAILABLE, "There is no memory to send an e-mail");
    }

    struct upload upload = {
        .data = message->data,
        .size = message->size,
        .deadline_ms = clock_monotonic_ms() + TOTAL_TIMEOUT_MS,
    };
    prepare(handle, mailer, to, &upload);
    CURLcode code = curl_easy_perform(handle);
    if (code == CURLE_OK) {
        return OK;
    }

    long answer = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
    log_event(LOG_WARNING, "mail_not_sent", "message_id=%s answer=%ld reason=\"%s\"",
              ctx->message_id, answer, curl_easy_strerror(code));
    return ctx_fail(ctx, is_refused(code, answer) ? ERR_INTERNAL : ERR_UNAVAILABLE,
                    "The e-mail could not be sent");
}

static enum err smtp_send(struct mailer *base, struct ctx *ctx, const struct mail *mail)
{
    const struct smtp_mailer *self = (const struct smtp_mailer *)base;
    struct buffer message;
    buffer_init(&message, ctx->arena);
    TRY(mail_message_write(ctx, mail, self->from, &message));

    return deliver(self, ctx, mail->to, &message);
}

static const struct mailer_ops smtp_ops = {.send = smtp_send};

struct mailer *smtp_mailer_new(const struct smtp_options *options)
{
    size_t size = strlen(options->url) + 1;
    struct smtp_mailer *mailer = memory_new(1, sizeof(*mailer) + size);
    mailer->base.ops = &smtp_ops;
    mailer->from = options->from;
    mailer->ca_file = options->ca_file;
    mailer->tls = options->tls;
    memcpy(mailer->url, options->url, size);
    return &mailer->base;
}
