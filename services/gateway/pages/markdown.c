/* Markdown, by libcmark. */

#include "services/gateway/pages/markdown.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADING_FIRST = 2,
    HEADING_LAST = 6,
    BRACKETS_MAX = 3000, /* in a text */
    MARKERS_MAX = 100,   /* at the beginning of a line */
};

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

/*
 * The library's time grows with the square of how deep a line nests quotes and lists and of how
 * many brackets are open: with those, a text of the greatest length would hold up the loop for
 * seconds.
 */
static bool is_bounded(const char *text)
{
    int brackets = 0;
    int markers = 0;
    bool is_beginning = true; /* of a line, as far as nesting goes */
    for (; *text != '\0' && brackets <= BRACKETS_MAX && markers <= MARKERS_MAX; text++) {
        bool is_space = text[1] == ' ' || text[1] == '\t';
        brackets += *text == '[';
        if (*text == '\n') {
            is_beginning = true;
            markers = 0;
        } else if (is_beginning) {
            markers += *text == '>' || (is_space && strchr("-+*.)", *text) != NULL);
            is_beginning = strchr(" \t>-+*.)0123456789", *text) != NULL;
        }
    }
    return *text == '\0';
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
