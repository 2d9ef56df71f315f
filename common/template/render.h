/*
 * What compiled templates call: text appended to a buffer, escaped for the place where it stands.
 * A template becomes `void <name>(struct render *render, const struct <page> *page)`
 * (common/template/compile; docs/templates.md); nothing is read or parsed at run time. One thread.
 * Text that functions here return is ctx: it lives as long as the arena.
 *
 * Texts may come from outside: whatever is not UTF-8 becomes U+FFFD. A NULL text is empty.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/buffer.h"
#include "common/language/language.h"

struct render {
    struct buffer buffer; /* what has been written; buffer.data is NULL as long as nothing has */
    enum language language;
};

/* Begin with nothing written. */
void render_init(struct render *render, struct arena *arena, enum language language);

/* As it is: what the template itself says, and trusted HTML. */
void render_raw(struct render *render, const char *data, size_t size);
void render_html(struct render *render, const char *html);

/* One way to write a text, by where it stands. */
typedef void render_function(struct render *render, const char *text);
/* HTML text, and an attribute's value in quotes: & < > " ' are escaped. */
render_function render_text;
/* A whole URL in an attribute: `#` in its stead unless it is relative or http, https, mailto. */
render_function render_url;
/* A part of a URL in an attribute: all but unreserved characters are percent-encoded. */
render_function render_url_part;
/* Text that is no HTML: a mail. */
render_function render_plain;
/* One line of it, such as a subject: white space and control characters become single spaces. */
render_function render_line;
/* Take the space at the end of a line away. */
void render_line_end(struct render *render);

void render_integer(struct render *render, int64_t number);

/*
 * A translated text with its arguments put in for `%(name)s`; `%%` is a per cent sign. The text is
 * written by `write`, the arguments as they are: they have been written by it already. A name that
 * is no argument is written as it stands.
 */
struct render_argument {
    const char *name;
    const char *text;
};
void render_message(struct render *render, render_function *write, const char *message,
                    const struct render_argument *arguments, size_t count);

/* Write into a text of its own from here on; returns what was being written before. */
struct buffer render_capture(struct render *render);
/* End that: the text written since; `before` is what render_capture returned. */
const char *render_captured(struct render *render, struct buffer before);

/* Tests and operators. */
bool render_is_equal(const char *left, const char *right); /* NULL equals NULL only */
bool render_contains(const char *const *texts, size_t count, const char *text);
const char *render_concat(struct render *render, const char *left, const char *right);
const char *render_integer_text(struct render *render, int64_t number);
