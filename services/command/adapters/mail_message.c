/* An e-mail as the network has it. */

#include "services/command/adapters/mail_message.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "common/core/uuid.h"

enum {
    ADDRESS_LENGTH_MAX = 254,
    LINE_LENGTH_MAX = 998,  /* RFC 5322, 2.1.1 */
    PLAIN_SUBJECT_MAX = 68, /* fits into one line of 78 */
    WORD_BYTES = 42, /* of text in one encoded word: 56 characters of base64, less than 75 in all */
    BASE64_LINE_BYTES = 57, /* 76 characters */
};

#define ALPHANUMERIC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

bool mail_address_is_valid(const char *address)
{
    size_t name = strspn(address, ALPHANUMERIC ".!#$%&'*+-/=?^_`{|}~");
    if (name == 0 || address[name] != '@' || strlen(address) > ADDRESS_LENGTH_MAX) {
        return false;
    }
    const char *domain = address + name + 1;
    size_t size = strspn(domain, ALPHANUMERIC ".-");
    return size > 0 && domain[size] == '\0';
}

static void append_base64(struct buffer *buffer, const char *data, size_t size)
{
    size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL);
    char *place = buffer_reserve(buffer, room);
    sodium_bin2base64(place, room, (const unsigned char *)data, size,
                      sodium_base64_VARIANT_ORIGINAL);
    buffer->size += room - 1;
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
            append_base64(buffer, subject, size);
            subject += size;
            buffer_append_text(buffer, *subject == '\0' ? "?=" : "?=\r\n ");
        }
    }
    buffer_append_text(buffer, "\r\n");
}

/* Can the text travel as it is: ASCII without control characters, in lines that are not too long?
 */
static bool is_plain_text(const char *text)
{
    size_t line = 0;
    for (; *text != '\0'; text++) {
        line = *text == '\n' ? 0 : line + 1;
        bool is_plain = is_printable(*text) || *text == '\n' || *text == '\t';
        if (!is_plain || line > LINE_LENGTH_MAX) {
            return false;
        }
    }
    return true;
}

/* The text with CRLF for \n, and one at its end. */
static void append_lines(struct buffer *buffer, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        size_t end = size > 0 && text[size - 1] == '\r' ? size - 1 : size;
        buffer_append(buffer, text, end);
        buffer_append_text(buffer, "\r\n");
        text += text[size] == '\n' ? size + 1 : size;
    }
}

static void append_body(struct buffer *buffer, const char *text)
{
    if (is_plain_text(text)) {
        buffer_append_text(buffer, "Content-Transfer-Encoding: 7bit\r\n\r\n");
        append_lines(buffer, text);
        return;
    }

    buffer_append_text(buffer, "Content-Transfer-Encoding: base64\r\n\r\n");
    struct buffer lines;
    buffer_init(&lines, buffer->arena);
    append_lines(&lines, text);
    for (size_t i = 0; i < lines.size; i += BASE64_LINE_BYTES) {
        size_t rest = lines.size - i;
        append_base64(buffer, lines.data + i, rest < BASE64_LINE_BYTES ? rest : BASE64_LINE_BYTES);
        buffer_append_text(buffer, "\r\n");
    }
}

enum err mail_message_write(struct ctx *ctx, const struct mail *mail, const char *from,
                            struct buffer *ret)
{
    const char *id = ctx->message_id;
    if (!mail_address_is_valid(mail->to) || id == NULL || !uuid_parse(id, strlen(id), NULL)) {
        return ctx_fail(ctx, ERR_INTERNAL, "The e-mail has no proper address or identity");
    }

    append_date(ret, ctx->now_us);
    buffer_printf(ret, "From: %s\r\nTo: %s\r\n", from, mail->to);
    append_subject(ret, mail->subject);
    buffer_printf(ret, "Message-ID: <%s@%s>\r\n", id, strchr(from, '@') + 1);
    buffer_append_text(ret, "MIME-Version: 1.0\r\n"
                            "Content-Type: text/plain; charset=utf-8\r\n");
    append_body(ret, mail->text);
    return OK;
}
