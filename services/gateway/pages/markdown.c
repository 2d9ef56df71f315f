/* Markdown, by libcmark. */

#include "services/gateway/pages/markdown.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADING_FIRST = 2,
    HEADING_LAST = 6,
    BRACKETS_MAX = 3000, /* in a text */
    DEPTH_MAX = 100,     /* of quotes and lists */
    WORK_MAX = 500000,   /* the depths of all lines */
    TAB_COLUMNS = 4,
};

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static void lower_heading(cmark_node *node, int *level)
{
    int wanted = cmark_node_get_heading_level(node) + HEADING_FIRST - 1;
    wanted = wanted > *level + 1 ? *level + 1 : wanted;
    wanted = wanted > HEADING_LAST ? HEADING_LAST : wanted;
    (void)cmark_node_set_heading_level(node, wanted);
    *level = wanted;
}

static void set_url(cmark_node *to, cmark_node *from)
{
    (void)cmark_node_set_url(to, cmark_node_get_url(from));
    (void)cmark_node_set_title(to, cmark_node_get_title(from));
}

/* A link has something to be known by. */
static void name_link(cmark_node *link, const char *url)
{
    if (cmark_node_first_child(link) != NULL) {
        return;
    }
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);
    (void)cmark_node_set_literal(text, url == NULL || url[0] == '\0' ? "#" : url);
    (void)cmark_node_append_child(link, text);
}

/* A picture becomes a link to it; within a link, which holds no other, only its description. */
static void replace_image(cmark_node *image, bool is_in_link)
{
    cmark_node *link = cmark_node_new(is_in_link ? CMARK_NODE_EMPH : CMARK_NODE_LINK);
    cmark_node *child;
    while ((child = cmark_node_first_child(image)) != NULL) {
        cmark_node_unlink(child);
        (void)cmark_node_append_child(link, child);
    }
    set_url(link, image);
    (void)cmark_node_replace(image, link);
    name_link(link, cmark_node_get_url(image));
    cmark_node_free(image);
}

struct changes {
    int level; /* of the latest heading */
    int links; /* that are open */
};

static void change_node(cmark_node *node, cmark_event_type event, struct changes *changes)
{
    bool is_enter = event == CMARK_EVENT_ENTER;
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HEADING && is_enter) {
        lower_heading(node, &changes->level);
    } else if (type == CMARK_NODE_LINK) {
        changes->links += is_enter ? 1 : -1;
        if (!is_enter) {
            name_link(node, cmark_node_get_url(node));
        }
    } else if (type == CMARK_NODE_IMAGE && !is_enter) {
        replace_image(node, changes->links > 0);
    }
}

static void change(cmark_node *document)
{
    struct changes changes = {.level = HEADING_FIRST - 1};
    cmark_iter *walk = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        change_node(cmark_iter_get_node(walk), event, &changes);
    }
    cmark_iter_free(walk);
}

/* How deep the quotes and lists of a text nest: never less than the library finds. */
struct nesting {
    int depth;
    int work; /* the library looks at each open quote and list in each line */
    bool is_after_blank;
};

/* Could a quote or the element of a list begin here? */
static bool is_marker(const char *text)
{
    return *text == '>' || (strchr("-+*.)", *text) != NULL && strchr(" \t\r\n", text[1]) != NULL);
}

/*
 * Each level that a line goes on with takes a marker of its own, or two columns of space. What it
 * does not go on with ends there, but where its words may belong to the paragraph before.
 */
static void nest(struct nesting *nesting, const char *line)
{
    int markers = 0;
    int columns = 0;
    int columns_before = 0; /* the last marker */
    bool is_blank = strchr("\r\n", line[strspn(line, " \t")]) != NULL;
    for (; !is_blank && *line != '\0' && strchr(" \t>-+*.)0123456789", *line) != NULL; line++) {
        if (is_marker(line)) {
            markers++;
            columns_before = columns;
        }
        columns += *line == '\t' ? TAB_COLUMNS : *line == ' ' ? 1 : 0;
    }
    if (!is_blank) {
        int kept = (markers == 0 ? columns : columns_before) / 2;
        int depth = (kept < nesting->depth ? kept : nesting->depth) + markers;
        nesting->depth = nesting->is_after_blank || depth > nesting->depth ? depth : nesting->depth;
    }
    nesting->work += nesting->depth;
    nesting->is_after_blank = is_blank;
}

static const char *line_after(const char *line)
{
    line += strcspn(line, "\r\n");
    return line + (line[0] == '\r' && line[1] == '\n' ? 2 : line[0] == '\0' ? 0 : 1);
}

static bool has_few_brackets(const char *text)
{
    int brackets = 0;
    while ((text = strchr(text, '[')) != NULL && brackets <= BRACKETS_MAX) {
        brackets++;
        text++;
    }
    return brackets <= BRACKETS_MAX;
}

/*
 * The library's time grows with the lines times how deep they nest, and with the square of how many
 * brackets are open: with those, a text of the greatest length would hold up the loop for seconds.
 */
static bool is_bounded(const char *text)
{
    struct nesting nesting = {.is_after_blank = true};
    text +=
        strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0 ? strlen(BYTE_ORDER_MARK) : 0;
    if (!has_few_brackets(text)) {
        return false;
    }
    while (*text != '\0' && nesting.depth <= DEPTH_MAX && nesting.work <= WORK_MAX) {
        nest(&nesting, text);
        text = line_after(text);
    }
    return nesting.depth <= DEPTH_MAX && nesting.work <= WORK_MAX;
}

/* As it was typed. */
static const char *render_plain_text(struct render *render, const char *text)
{
    struct buffer before = render_capture(render);
    render_html(render, "<p class=\"typed\">");
    render_text(render, text);
    render_html(render, "</p>\n");
    return render_captured(render, before);
}

const char *markdown_render(struct render *render, const char *text)
{
    if (!is_bounded(text)) {
        return render_plain_text(render, text);
    }
    /* CMARK_OPT_UNSAFE is not among them: raw HTML and javascript: links are left out */
    const int options = CMARK_OPT_VALIDATE_UTF8;
    cmark_node *document = cmark_parse_document(text, strlen(text), options);
    change(document);
    char *html = cmark_render_html(document, options);
    const char *kept = arena_strdup(render->buffer.arena, html);
    free(html);
    cmark_node_free(document);
    return kept;
}
