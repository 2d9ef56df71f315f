/* Dead letters for reading, in memory. */

#include "tests/fakes/fake_letter_reader.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_meant(const struct letter_filter *filter, const char *message)
{
    return filter->message == NULL || strcmp(filter->message, message) == 0;
}

static void add_to_groups(const struct letter *letter, struct letter_page *page)
{
    size_t i = 0;
    while (i < page->group_count && (strcmp(page->groups[i].message, letter->message) != 0 ||
                                     strcmp(page->groups[i].code, letter->code) != 0)) {
        i++;
    }
    struct letter_group *group = &page->groups[i];
    if (i == page->group_count) {
        page->group_count++;
        *group = (struct letter_group){
            .message = letter->message,
            .code = letter->code,
            .oldest_at = letter->failed_at,
            .newest_at = letter->failed_at,
        };
    }
    group->count++;
    group->oldest_at = letter->failed_at < group->oldest_at ? letter->failed_at : group->oldest_at;
    group->newest_at = letter->failed_at > group->newest_at ? letter->failed_at : group->newest_at;
}

static int compare_groups(const void *first, const void *second)
{
    const struct letter_group *a = first;
    const struct letter_group *b = second;
    if (a->count != b->count) {
        return a->count < b->count ? 1 : -1;
    }
    int by_message = strcmp(a->message, b->message);
    return by_message != 0 ? by_message : strcmp(a->code, b->code);
}

static void add_to_page(const struct letter *letter, struct letter_page *page)
{
    page->letters[page->letter_count++] = (struct letter_summary){
        .id = letter->id,
        .message_id = letter->message_id,
        .message = letter->message,
        .code = letter->code,
        .detail = letter->detail,
        .failed_at = letter->failed_at,
        .has_user_id = letter->has_user_id,
        .user_id = letter->user_id,
    };
}

static void list_actions(const struct fake_letter_reader *reader,
                         const struct letter_filter *filter, struct letter_page *page)
{
    for (size_t i = reader->action_count; i > 0 && page->action_count < LETTER_ACTIONS_MAX; i--) {
        if (is_meant(filter, reader->actions[i - 1].message)) {
            page->actions[page->action_count++] = reader->actions[i - 1];
        }
    }
}

/* A cursor is the id of the last letter shown. */
static enum err list(struct letter_reader *base, struct ctx *ctx,
                     const struct letter_filter *filter, struct letter_page *ret)
{
    const struct fake_letter_reader *reader = (const struct fake_letter_reader *)base;
    TRY(reader->fails_with);
    int64_t before = filter->cursor == NULL ? INT64_MAX : strtoll(filter->cursor, NULL, 10);
    if (before <= 0) {
        return ctx_invalid(ctx, "cursor", "is not a cursor of this list");
    }
    *ret = (struct letter_page){
        .letters = arena_alloc(ctx->arena, reader->count * sizeof(*ret->letters)),
        .groups = arena_alloc(ctx->arena, reader->count * sizeof(*ret->groups)),
        .actions = arena_alloc(ctx->arena, LETTER_ACTIONS_MAX * sizeof(*ret->actions)),
    };
    for (size_t i = reader->count; i > 0; i--) {
        const struct letter *letter = &reader->letters[i - 1];
        if (!is_meant(filter, letter->message)) {
            continue;
        }
        add_to_groups(letter, ret);
        if (letter->id >= before) {
            continue;
        }
        if (ret->letter_count == (size_t)filter->limit) {
            int64_t last = ret->letters[ret->letter_count - 1].id;
            ret->next_cursor = arena_printf(ctx->arena, "%" PRId64, last);
        } else {
            add_to_page(letter, ret);
        }
    }
    qsort(ret->groups, ret->group_count, sizeof(*ret->groups), compare_groups);
    list_actions(reader, filter, ret);
    return OK;
}

static enum err find(struct letter_reader *base, struct ctx *ctx, int64_t id, struct letter *ret)
{
    const struct fake_letter_reader *reader = (const struct fake_letter_reader *)base;
    TRY(reader->fails_with);
    for (size_t i = 0; i < reader->count; i++) {
        if (reader->letters[i].id == id) {
            *ret = reader->letters[i];
            return OK;
        }
    }
    return ctx_fail(ctx, ERR_NOT_FOUND, "no letter %" PRId64, id);
}

void fake_letter_reader_init(struct fake_letter_reader *ret)
{
    static const struct letter_reader_ops ops = {.list = list, .find = find};
    *ret = (struct fake_letter_reader){.base.ops = &ops};
}

struct letter *fake_letter_reader_add(struct fake_letter_reader *reader, const char *message,
                                      const char *code)
{
    assert(reader->count < (size_t)FAKE_LETTERS_MAX);
    struct letter *letter = &reader->letters[reader->count++];
    *letter = (struct letter){
        .id = (int64_t)reader->count,
        .message = message,
        .code = code,
        .detail = "it went wrong",
        .failed_at = (int64_t)reader->count,
        .body = "{}",
        .body_size = 2,
        .headers = "{}",
    };
    return letter;
}

void fake_letter_reader_note(struct fake_letter_reader *reader, const struct letter_action *action)
{
    assert(reader->action_count < (size_t)FAKE_ACTIONS_MAX);
    reader->actions[reader->action_count++] = *action;
}
