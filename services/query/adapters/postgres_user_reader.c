/* Users in PostgreSQL, for reading. Each call is one round trip. */

#include "postgres_user_reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "postgres_cursor.h"
#include "postgres_search.h"

#include "common/core/memory.h"

static const struct postgres_statement find = {
    "user_reader_find", "SELECT email, is_staff FROM users WHERE id = $1 AND is_active"};

/* Who never logged in did so before all others. */
#define LATEST "coalesce(last_login, '1970-01-01 00:00:00+00')"
#define COLUMNS                                                                                    \
    "SELECT id, email, is_active, is_staff, is_superuser, last_login, created_at, " LATEST         \
    " AS latest FROM users"

static const struct postgres_statement find_any = {"user_reader_find_any",
                                                   COLUMNS " WHERE id = $1"};

/* $1 and $2: the place after which the page begins, $3 its length, $4 and $5 flags or null, $6 a
 * part of the address. A statement for each index there is. */
#define LIST COLUMNS " WHERE (" LATEST ", id) < ($1::timestamptz, $2::bigint)"
#define FLAGS "($4::bool IS NULL OR is_active = $4) AND ($5::bool IS NULL OR is_staff = $5)"
#define MATCHES(parameter) SEARCH_MATCHES("email", parameter, "\"C\"")
#define ORDER "latest DESC, id DESC"
#define FEW " AND " FLAGS " AND " MATCHES("$6") " ORDER BY " ORDER " LIMIT $3::bigint"

static const struct postgres_statement list = {
    "user_reader_list", LIST " AND " FLAGS " ORDER BY " ORDER " LIMIT $3::bigint"};
static const struct postgres_statement list_staff = {"user_reader_list_staff",
                                                     LIST " AND is_staff" FEW};
static const struct postgres_statement list_inactive = {"user_reader_list_inactive",
                                                        LIST " AND NOT is_active" FEW};
static const struct postgres_statement list_matching = {
    "user_reader_list_matching",
    SEARCH_FOUND(LIST, ORDER, "$3::bigint", FLAGS " AND " MATCHES("$6")) "SELECT * FROM found"
                                                                         " ORDER BY " ORDER};

static const struct postgres_statement find_authors = {
    "user_reader_find_authors",
    SEARCH_FOUND("SELECT id, email, lower(email COLLATE \"C\") AS address FROM users WHERE true",
                 "address", "$2::bigint", MATCHES("$1")) "SELECT id, email FROM found"
                                                         " ORDER BY address"};

struct postgres_user_reader {
    struct user_reader base;
    struct postgres *db;
};

static struct postgres *db_of(struct user_reader *self)
{
    return ((struct postgres_user_reader *)self)->db;
}

static enum err find_user(struct user_reader *self, struct ctx *ctx, int64_t id, struct user *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &find, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    *ret = (struct user){
        .id = id,
        .email = postgres_text(found, 0, 0, ctx->arena),
        .is_staff = postgres_bool(found, 0, 1),
    };
    return OK;
}

static void read_user(const struct pg_result *found, int row, struct arena *arena,
                      struct managed_user *ret)
{
    *ret = (struct managed_user){
        .id = postgres_int64(found, row, 0),
        .email = postgres_text(found, row, 1, arena),
        .is_active = postgres_bool(found, row, 2),
        .is_staff = postgres_bool(found, row, 3),
        .is_superuser = postgres_bool(found, row, 4),
        .has_last_login = !postgres_is_null(found, row, 5),
        .created_at = postgres_time(found, row, 6),
    };
    if (ret->has_last_login) {
        ret->last_login = postgres_time(found, row, 5);
    }
}

static enum err find_any_user(struct user_reader *self, struct ctx *ctx, int64_t id,
                              struct managed_user *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &find_any, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    read_user(found, 0, ctx->arena, ret);
    return OK;
}

/* `found` has one row more than the page when there is a next one. */
static void read_page(const struct pg_result *found, struct arena *arena, size_t limit,
                      struct user_page *ret)
{
    size_t rows = (size_t)postgres_row_count(found);
    size_t count = rows < limit ? rows : limit;
    *ret = (struct user_page){
        .users = arena_alloc(arena, count * sizeof(*ret->users)),
        .count = count,
    };
    for (size_t i = 0; i < count; i++) {
        read_user(found, (int)i, arena, &ret->users[i]);
    }
    if (rows > count && count > 0) {
        ret->next_cursor = postgres_cursor_encode(
            &(struct postgres_cursor){postgres_time(found, (int)count - 1, 7),
                                      ret->users[count - 1].id},
            arena);
    }
}

static void add_flag(struct postgres_parameters *parameters, bool is_given, bool value)
{
    if (is_given) {
        postgres_add_bool(parameters, value);
    } else {
        postgres_add_text(parameters, NULL);
    }
}

static const struct postgres_statement *choose(const struct user_filter *filter,
                                               struct postgres_parameters *parameters)
{
    bool is_searching = filter->search != NULL && filter->search[0] != '\0';
    add_flag(parameters, filter->has_is_active, filter->is_active);
    add_flag(parameters, filter->has_is_staff, filter->is_staff);
    bool is_of_staff = filter->has_is_staff && filter->is_staff;
    bool is_of_inactive = filter->has_is_active && !filter->is_active;
    if (!is_searching && !is_of_staff && !is_of_inactive) {
        return &list;
    }
    postgres_add_text(parameters, is_searching ? filter->search : "");
    if (is_of_staff) {
        return &list_staff;
    }
    return is_of_inactive ? &list_inactive : &list_matching;
}

static enum err list_users(struct user_reader *self, struct ctx *ctx,
                           const struct user_filter *filter, struct user_page *ret)
{
    struct postgres_parameters parameters = {0};
    TRY(postgres_cursor_add(filter->cursor, ctx, &parameters));
    postgres_add_int64(&parameters, filter->limit + 1);
    const struct postgres_statement *statement = choose(filter, &parameters);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), statement, &parameters, &found)));
    read_page(found, ctx->arena, (size_t)filter->limit, ret);
    return OK;
}

static enum err find_author_users(struct user_reader *self, struct ctx *ctx, const char *search,
                                  int64_t limit, struct author **ret, size_t *ret_count)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, search == NULL ? "" : search);
    postgres_add_int64(&parameters, limit);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &find_authors, &parameters, &found)));
    *ret_count = (size_t)postgres_row_count(found);
    *ret = arena_alloc(ctx->arena, *ret_count * sizeof(**ret));
    for (size_t i = 0; i < *ret_count; i++) {
        (*ret)[i] = (struct author){postgres_int64(found, (int)i, 0),
                                    postgres_text(found, (int)i, 1, ctx->arena)};
    }
    return OK;
}

static const struct user_reader_ops ops = {
    .find = find_user,
    .find_any = find_any_user,
    .list = list_users,
    .find_authors = find_author_users,
};

struct user_reader *postgres_user_reader_new(struct postgres *db)
{
    struct postgres_user_reader *reader = memory_new(1, sizeof(*reader));
    reader->base.ops = &ops;
    reader->db = db;
    return &reader->base;
}

void postgres_user_reader_free(struct user_reader *reader)
{
    free(reader);
}
