/* Users to be read, in memory. */

#include "tests/fakes/fake_user_reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/fakes/fake_text.h"

struct place {
    int64_t last_login;
    int64_t id;
};

static struct fake_user_reader *reader_of(struct user_reader *base)
{
    return (struct fake_user_reader *)base;
}

static enum err fake_find(struct user_reader *base, struct ctx *ctx, int64_t id, struct user *ret)
{
    TRY(reader_of(base)->fails_with);
    const struct fake_read_user *user = fake_user_reader_get(reader_of(base), id);
    if (user == NULL || !user->is_active) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    *ret = (struct user){id, arena_strdup(ctx->arena, user->email), user->is_staff};
    return OK;
}

static void read_user(const struct fake_read_user *user, struct arena *arena,
                      struct managed_user *ret)
{
    *ret = (struct managed_user){
        .id = user->id,
        .email = arena_strdup(arena, user->email),
        .is_active = user->is_active,
        .is_staff = user->is_staff,
        .is_superuser = user->is_superuser,
        .has_last_login = user->last_login != 0,
        .last_login = user->last_login,
        .created_at = user->created_at,
    };
}

static enum err fake_find_any(struct user_reader *base, struct ctx *ctx, int64_t id,
                              struct managed_user *ret)
{
    TRY(reader_of(base)->fails_with);
    const struct fake_read_user *user = fake_user_reader_get(reader_of(base), id);
    if (user == NULL) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    read_user(user, ctx->arena, ret);
    return OK;
}

/* The fake's own form: "after-<last_login>-<id>", and not a byte else. */
static bool read_cursor(const char *cursor, struct place *ret)
{
    char again[64];
    if (sscanf(cursor, "after-%" SCNd64 "-%" SCNd64, &ret->last_login, &ret->id) != 2) {
        return false;
    }
    (void)snprintf(again, sizeof(again), "after-%" PRId64 "-%" PRId64, ret->last_login, ret->id);
    return strcmp(again, cursor) == 0;
}

static bool is_after(const struct fake_read_user *user, const struct place *place)
{
    return user->last_login < place->last_login ||
           (user->last_login == place->last_login && user->id < place->id);
}

static bool is_meant(const struct fake_read_user *user, const struct user_filter *filter)
{
    return (!filter->has_is_active || user->is_active == filter->is_active) &&
           (!filter->has_is_staff || user->is_staff == filter->is_staff) &&
           fake_text_has(user->email, filter->search);
}

static int compare_logins(const void *left, const void *right)
{
    const struct fake_read_user *one = *(const struct fake_read_user *const *)left;
    const struct fake_read_user *other = *(const struct fake_read_user *const *)right;
    return is_after(one, &(struct place){other->last_login, other->id}) ? 1 : -1;
}

static int compare_addresses(const void *left, const void *right)
{
    const struct fake_read_user *one = *(const struct fake_read_user *const *)left;
    const struct fake_read_user *other = *(const struct fake_read_user *const *)right;
    return strcasecmp(one->email, other->email);
}

static size_t choose(const struct fake_user_reader *reader, const struct user_filter *filter,
                     const struct place *place, const struct fake_read_user **ret)
{
    size_t count = 0;
    for (size_t i = 0; i < reader->count; i++) {
        const struct fake_read_user *user = &reader->users[i];
        if (is_meant(user, filter) && is_after(user, place)) {
            ret[count++] = user;
        }
    }
    return count;
}

static enum err fake_list(struct user_reader *base, struct ctx *ctx,
                          const struct user_filter *filter, struct user_page *ret)
{
    TRY(reader_of(base)->fails_with);
    struct place place = {INT64_MAX, INT64_MAX};
    if (filter->cursor != NULL && !read_cursor(filter->cursor, &place)) {
        return ctx_invalid(ctx, "cursor", "is not a cursor of this list");
    }
    const struct fake_read_user *chosen[FAKE_READ_USERS_MAX];
    size_t found = choose(reader_of(base), filter, &place, chosen);
    qsort((void *)chosen, found, sizeof(*chosen), compare_logins);
    size_t count = found < (size_t)filter->limit ? found : (size_t)filter->limit;
    *ret = (struct user_page){
        .users = arena_alloc(ctx->arena, count * sizeof(*ret->users)),
        .count = count,
    };
    for (size_t i = 0; i < count; i++) {
        read_user(chosen[i], ctx->arena, &ret->users[i]);
    }
    if (found > count) {
        const struct fake_read_user *last = chosen[count - 1];
        ret->next_cursor =
            arena_printf(ctx->arena, "after-%" PRId64 "-%" PRId64, last->last_login, last->id);
    }
    return OK;
}

static enum err fake_find_authors(struct user_reader *base, struct ctx *ctx, const char *search,
                                  int64_t limit, struct author **ret, size_t *ret_count)
{
    TRY(reader_of(base)->fails_with);
    const struct fake_read_user *chosen[FAKE_READ_USERS_MAX];
    const struct place all = {INT64_MAX, INT64_MAX};
    size_t found = choose(reader_of(base), &(struct user_filter){.search = search}, &all, chosen);
    qsort((void *)chosen, found, sizeof(*chosen), compare_addresses);
    *ret_count = found < (size_t)limit ? found : (size_t)limit;
    *ret = arena_alloc(ctx->arena, *ret_count * sizeof(**ret));
    for (size_t i = 0; i < *ret_count; i++) {
        (*ret)[i] = (struct author){chosen[i]->id, arena_strdup(ctx->arena, chosen[i]->email)};
    }
    return OK;
}

static const struct user_reader_ops fake_ops = {
    .find = fake_find,
    .find_any = fake_find_any,
    .list = fake_list,
    .find_authors = fake_find_authors,
};

void fake_user_reader_init(struct fake_user_reader *ret)
{
    *ret = (struct fake_user_reader){.base.ops = &fake_ops};
}

struct fake_read_user *fake_user_reader_add(struct fake_user_reader *reader, int64_t id,
                                            const char *email)
{
    assert(reader->count < FAKE_READ_USERS_MAX);
    struct fake_read_user *user = &reader->users[reader->count++];
    *user = (struct fake_read_user){
        .id = id, .is_active = true, .created_at = INT64_C(1704067200000000) + id, /* 2024-01-01 */
    };
    fake_text_copy(user->email, sizeof(user->email), email);
    return user;
}

struct fake_read_user *fake_user_reader_get(struct fake_user_reader *reader, int64_t id)
{
    for (size_t i = 0; i < reader->count; i++) {
        if (reader->users[i].id == id) {
            return &reader->users[i];
        }
    }
    return NULL;
}
