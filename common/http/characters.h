/* The character classes of HTTP (RFC 9110, section 5.6), independent of the locale. */
#pragma once

#include <stdbool.h>
#include <string.h>

static inline bool is_http_space(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool is_http_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_http_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_http_digit(c);
}

/* A character of a token: names of headers, media types, parameters. */
static inline bool is_http_token(char c)
{
    return is_http_alphanumeric(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* A lower-case hexadecimal digit. */
static inline bool is_http_lower_hex(char c)
{
    return is_http_digit(c) || (c >= 'a' && c <= 'f');
}

static inline const char *http_skip_spaces(const char *text)
{
    while (is_http_space(*text)) {
        text++;
    }
    return text;
}

static inline const char *http_skip_token(const char *text)
{
    while (is_http_token(*text)) {
        text++;
    }
    return text;
}
