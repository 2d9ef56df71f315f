/* An e-mail as the network has it. */

#include "services/command/adapters/mail_message.h"

#include <string.h>
#include <time.h>

#include "common/core/uuid.h"
#include "services/command/adapters/mail_address.h"
#include "services/command/adapters/mail_part.h"

#define TAG_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

enum {
    LANGUAGE_TAG_MAX = 35,  /* RFC 5646, 4.4.1 */
    PLAIN_SUBJECT_MAX = 68, /* fits into one line of 78 */
    WORD_BYTES = 42, /* of text in one encoded word: 56 characters of base64, less than 75 in all */
};

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

static void append_date(struct buffer *buffer, int64_t time_us)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    buffer_printf(buffer, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
                  days + (3 * utc.tm_wday), utc.tm_mday, months + (3 * utc.tm_mon),
                  utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static bool is_plain_subject(const char *subject)
{
    size_t size = strlen(subject);
    for (size_t i = 0; i < size; i++) {
        if (!is_printable(subject[i])) {
            return false;
        }
    }
    return size <= PLAIN_SUBJECT_MAX && strstr(subject, "=?") == NULL;
}

/* How much of the text goes into the next encoded word: whole characters only (RFC 2047, 5). */
static size_t word_size(const char *text)
{
    size_t size = strnlen(text, WORD_BYTES);
    while (size > 1 && ((unsigned char)text[size] & 0xC0) == 0x80) {
        size--;
    }
    return size;
}

static void append_subject(struct buffer *buffer, const char *subject)
{
    buffer_append_text(buffer, "Subject: ");
    if (is_plain_subject(subject)) {
        buffer_append_text(buffer, subject);
    } else {
        for (size_t size = word_size(subject); size > 0; size = word_size(subject)) {
            buffer_append_text(buffer, "=?UTF-8?B?");
            mail_part_append_base64(subject, size, buffer);
            subject += size;
            buffer_append_text(buffer, *subject == '\0' ? "?=" : "?=\r\n ");
        }
    }
    buffer_append_text(buffer, "\r\n");
}

/* RFC 3282; what is no tag is left out. */
static void append_language(const char *tag, struct buffer *buffer)
{
    bool is_tag = tag != NULL && tag[0] != '\0' && strlen(tag) <= LANGUAGE_TAG_MAX &&
                  tag[strspn(tag, TAG_CHARACTERS)] == '\0';
    if (is_tag) {
        buffer_printf(buffer, "Content-Language: %s\r\n", tag);
    }
}

/* Two forms of one text, the plain one first: who can show the second shows it (RFC 2046, 5.1.4).
 */
static void append_alternatives(struct buffer *buffer, const struct mail *mail, const char *id)
{
    buffer_printf(buffer, "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n", id);
    buffer_printf(buffer, "--=_%s\r\n", id);
    mail_part_write("text/plain", mail->text, buffer);
    buffer_printf(buffer, "\r\n--=_%s\r\n", id);
    mail_part_write("text/html", mail->html, buffer);
    buffer_printf(buffer, "\r\n--=_%s--\r\n", id);
}

/* In an address nothing is an encoded word (RFC 2047, 5), and in brackets there can be no doubt
 * that it is one. */
static void append_recipient(struct buffer *buffer, const char *address)
{
    bool looks_encoded = strstr(address, "=?") != NULL;
    buffer_printf(buffer, looks_encoded ? "To: <%s>\r\n" : "To: %s\r\n", address);
}

enum err mail_message_write(struct ctx *ctx, const struct mail *mail, const char *from,
                            struct buffer *ret)
{
    const char *id = ctx->message_id;
    if (!mail_address_is_valid(mail->to) || id == NULL || !uuid_parse(id, strlen(id), NULL)) {
        return ctx_fail(ctx, ERR_INTERNAL, "The e-mail has no proper address or identity");
    }

    append_date(ret, ctx->now_us);
    buffer_printf(ret, "From: %s\r\n", from);
    append_recipient(ret, mail->to);
    append_subject(ret, mail->subject);
    buffer_printf(ret, "Message-ID: <%s@%s>\r\n", id, strchr(from, '@') + 1);
    append_language(mail->language, ret);
    buffer_append_text(ret, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    if (mail->html == NULL) {
        mail_part_write("text/plain", mail->text, ret);
    } else {
        append_alternatives(ret, mail, id);
    }
    return OK;
}
