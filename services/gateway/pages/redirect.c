/* Addresses that forms lead to. */

#include "services/gateway/pages/redirect.h"

#include <string.h>

#include "common/http/percent.h"
#include "services/gateway/pages/local_path.h"
#include "services/gateway/pages/values.h"

const char *redirect_piece(struct visit *visit, const struct page_piece *piece, const void *result)
{
    const struct form_pair *pair;
    switch (piece->kind) {
    case PIECE_PATH:
        return visit_path_value(visit, piece->text);
    case PIECE_FORM:
        pair = visit_pair(&visit->typed, piece->text);
        return pair == NULL ? "" : pair->value;
    case PIECE_RESULT:
        return result == NULL ? "" : values_text(&piece->value, result, visit->request->arena);
    case PIECE_TEXT:
        break;
    }
    return piece->text;
}

const char *redirect_of(struct visit *visit, const void *result)
{
    const struct page_form *form = visit->form;
    struct buffer url;
    if (form->follows_next && visit->next != NULL) {
        return visit->next;
    }
    buffer_init(&url, visit->request->arena);
    for (size_t i = 0; i < form->piece_count; i++) {
        const struct page_piece *piece = &form->redirect[i];
        const char *text = redirect_piece(visit, piece, result);
        if (piece->kind == PIECE_TEXT) {
            buffer_append_text(&url, text);
        } else if (text != NULL) {
            percent_encode(text, strlen(text), &url);
        }
    }
    return url.data;
}

const char *redirect_next(const struct visit *visit)
{
    const struct form_pair *pair = visit_pair(&visit->typed, "next");
    pair = pair == NULL ? visit_pair(&visit->query, "next") : pair;
    bool is_local =
        pair != NULL && strlen(pair->value) == pair->value_size && local_path_is(pair->value);
    return is_local ? pair->value : NULL;
}
