/* UTF-8. */

#include "common/json/text.h"

#include <string.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t text_sequence(const char *text, const char *end)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t room = (size_t)(end - text);
    if (byte[0] < 0x80) {
        return 1;
    }
    if (byte[0] < 0xC2) {
        return 0;
    }
    if (byte[0] < 0xE0) {
        return room >= 2 && is_continuation(byte[1]) ? 2 : 0;
    }
    if (byte[0] < 0xF0) {
        if (room < 3 || !is_continuation(byte[1]) || !is_continuation(byte[2])) {
            return 0;
        }
        bool is_overlong = byte[0] == 0xE0 && byte[1] < 0xA0;
        bool is_surrogate = byte[0] == 0xED && byte[1] >= 0xA0;
        return is_overlong || is_surrogate ? 0 : 3;
    }
    if (byte[0] > 0xF4 || room < 4 || !is_continuation(byte[1]) || !is_continuation(byte[2]) ||
        !is_continuation(byte[3])) {
        return 0;
    }
    bool is_overlong = byte[0] == 0xF0 && byte[1] < 0x90;
    bool is_beyond = byte[0] == 0xF4 && byte[1] >= 0x90;
    return is_overlong || is_beyond ? 0 : 4;
}

uint32_t text_code_point(const char *text, size_t size)
{
    static const unsigned char first_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code_point = (unsigned char)text[0] & first_mask[size];
    for (size_t i = 1; i < size; i++) {
        code_point = code_point << 6 | ((unsigned char)text[i] & 0x3F);
    }
    return code_point;
}

size_t text_put(char *place, uint32_t code_point)
{
    if (code_point < 0x80) {
        place[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        place[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    place[0] = (char)(first[size] | code_point);
    return size;
}

#define EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* the high bit of each byte that is 0; above such a byte also of one that is not */
static uint64_t zero_bytes(uint64_t bytes)
{
    return (bytes - EVERY_BYTE(1)) & ~bytes & EVERY_BYTE(0x80);
}

/* Is there a character to escape among these eight, or one with a bit of `other`? May err on the
 * side of yes. */
static bool is_any_special(const char *text, uint64_t other)
{
    uint64_t bytes;
    memcpy(&bytes, text, sizeof(bytes));
    uint64_t control = (bytes - EVERY_BYTE(0x20)) & ~bytes & EVERY_BYTE(0x80);
    uint64_t quote = zero_bytes(bytes ^ EVERY_BYTE('"'));
    uint64_t backslash = zero_bytes(bytes ^ EVERY_BYTE('\\'));
    return (control | quote | backslash | (bytes & other)) != 0;
}

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

const char *text_skip_plain(const char *text, const char *end)
{
    while (end - text >= 8 && !is_any_special(text, 0)) {
        text += 8;
    }
    while (text < end && is_plain(*text)) {
        text++;
    }
    return text;
}

const char *text_skip_plain_ascii(const char *text, const char *end)
{
    while (end - text >= 8 && !is_any_special(text, EVERY_BYTE(0x80))) {
        text += 8;
    }
    while (text < end && is_plain(*text) && (unsigned char)*text < 0x80) {
        text++;
    }
    return text;
}

enum text_fault text_measure(const char *text, size_t size, size_t *ret_characters)
{
    const char *end = text + size;
    size_t characters = 0;
    while (text < end) {
        if (*text == '\0') {
            return TEXT_NUL;
        }
        size_t sequence = text_sequence(text, end);
        if (sequence == 0) {
            return TEXT_NOT_UTF8;
        }
        text += sequence;
        characters++;
    }
    *ret_characters = characters;
    return TEXT_FINE;
}

/* Unicode's White_Space and ECMAScript's, which has U+FEFF and has not U+0085 */
static bool is_space(uint32_t code_point)
{
    return (code_point >= 0x09 && code_point <= 0x0D) || code_point == 0x20 || code_point == 0x85 ||
           code_point == 0xA0 || code_point == 0x1680 ||
           (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x2028 ||
           code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F ||
           code_point == 0x3000 || code_point == 0xFEFF;
}

bool text_is_blank(const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        size_t sequence = text_sequence(text, end);
        if (sequence == 0 || !is_space(text_code_point(text, sequence))) {
            return false;
        }
        text += sequence;
    }
    return true;
}
