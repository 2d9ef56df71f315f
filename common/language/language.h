/*
 * The languages Postroom speaks, which of them somebody wants, and the texts in each. A text is
 * known by its English form (the msgid of gettext); the catalogues under catalogues/ are compiled
 * into the program, so nothing depends on the locales of the machine. Any thread. Depends on
 * nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum language { LANGUAGE_EN, LANGUAGE_DE, LANGUAGE_FR };
enum { LANGUAGE_COUNT = 3 };

/* Marks a text for the catalogues where it is not yet translated: in a table, say. */
#define N_(text) (text)

/*
 * The language that suits an Accept-Language header best (RFC 9110, 12.5.4; lookup by the first
 * part of a tag); the one named first among equals. LANGUAGE_EN when there is no header, when it
 * cannot be read, and when it names none of ours.
 */
enum language language_choose(const char *accept_language);

/* The language of a tag such as `de`, `de-AT`, `DE`; false when it is none of ours, then `ret` is
 * untouched. `tag` may be NULL. */
bool language_from_tag(const char *tag, enum language *ret);

/* Its tag (BCP 47), such as `de`; static. */
const char *language_tag(enum language language);
/* Its name in itself, such as "Deutsch"; static. */
const char *language_name(enum language language);

/* The text in a language; static. `msgid` itself when there is no translation. A context may stand
 * before the text, up to a character 4, as gettext has it. */
const char *language_text(enum language language, const char *msgid) __attribute__((format_arg(2)));

/* The same of a text that has a form for one and a form for other counts. */
const char *language_plural(enum language language, const char *one, const char *many, int64_t n)
    __attribute__((format_arg(2), format_arg(3)));

/* Day and month by name, as the language writes them. `month` 1–12; static. */
const char *language_month(enum language language, int month);
/* What stands between thousands, and before the digits of a fraction; static. */
const char *language_thousands(enum language language);
const char *language_decimal(enum language language);
