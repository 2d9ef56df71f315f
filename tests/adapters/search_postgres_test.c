/* Searches and lists of the staff in tables of some size: they find what lies far behind, without
 * reading what lies before it. */

#include <string.h>

#include "contracts/posts_list.h"
#include "tests/adapters/message.h"
#include "tests/adapters/postgres_query_world.h"
#include "tests/support/check_main.h"

static struct query_world world;
static struct message message;
static struct ctx *ctx;

static const struct postgres_statement use_one_plan_for_all = {
    "use_one_plan_for_all", "SET plan_cache_mode = force_generic_plan"};

/* 20000 people; the first one, long gone, is called otherwise. */
static void fill_users(void)
{
    test_database_run(postgres_world_database(),
                      "INSERT INTO users (id, email, password_hash, last_login)"
                      " SELECT number, 'person' || number || '@example.org', 'x',"
                      " timestamptz 'epoch' + number * interval '1 s'"
                      " FROM generate_series(1, 20000) AS number");
    test_database_run(postgres_world_database(),
                      "UPDATE users SET email = 'Odd_One@example.org', is_staff = true,"
                      " is_active = false WHERE id = 1");
}

/* 20000 posts of the same title but the oldest two, the second of which has letters of a pattern.
 */
static void fill_posts(void)
{
    test_database_run(postgres_world_database(),
                      "INSERT INTO posts (author_id, title, content, status, created_at)"
                      " SELECT 1 + number %% 100, 'Quarterly numbers', 'x', 'published',"
                      " timestamptz 'epoch' + number * interval '1 s'"
                      " FROM generate_series(1, 20000) AS number");
    test_database_run(postgres_world_database(),
                      "UPDATE posts SET title = CASE WHEN created_at = timestamptz 'epoch' +"
                      " interval '1 s' THEN 'Über Zebras' ELSE '100%% of \\_zebras' END"
                      " WHERE created_at <= timestamptz 'epoch' + interval '2 s'");
}

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &posts_list_contract);
    ctx = &message.ctx;
    fill_users();
    fill_posts();
    test_database_run(postgres_world_database(), "VACUUM ANALYZE users, posts");
    expect_ok(postgres_execute(postgres_world_db(), &use_one_plan_for_all, NULL, NULL));
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

/* Does the plan of a statement that an adapter has prepared have these words? */
static bool has_plan(const struct postgres_statement *explain, const char *words)
{
    const struct pg_result *lines;
    bool is_there = false;
    expect_ok(postgres_execute(postgres_world_db(), explain, NULL, &lines));
    for (int i = 0; i < postgres_row_count(lines); i++) {
        is_there = is_there || strstr(postgres_text(lines, i, 0, ctx->arena), words) != NULL;
    }
    return is_there;
}

static struct post_page posts_of(const char *search)
{
    const struct post_filter filter = {.search = search, .limit = 5};
    struct post_page page;
    expect_ok(post_reader_list(world.posts, ctx, &filter, &page));
    return page;
}

START_TEST(finds_a_rare_title_far_behind)
{
    static const struct postgres_statement explain = {
        "explain", "EXPLAIN EXECUTE post_reader_search ('infinity', 1, 6, 'zebra', NULL)"};

    struct post_page page = posts_of("ÜBER zebra");

    ck_assert_uint_eq(page.count, 1);
    ck_assert_str_eq(page.posts[0].title, "Über Zebras");
    ck_assert(has_plan(&explain, "posts_title_parts_idx"));
}
END_TEST

START_TEST(finds_a_common_title_page_by_page)
{
    const struct post_filter first = {.search = "numbers", .limit = 3};
    struct post_page page;
    expect_ok(post_reader_list(world.posts, ctx, &first, &page));
    const struct post_filter second = {.search = "numbers", .limit = 3, .cursor = page.next_cursor};
    int64_t last = page.posts[2].created_at;

    expect_ok(post_reader_list(world.posts, ctx, &second, &page));

    ck_assert_uint_eq(page.count, 3);
    ck_assert_int_eq(page.posts[0].created_at, last - 1000000);
}
END_TEST

START_TEST(pages_go_on_from_what_is_near_to_what_is_far)
{
    test_database_run(postgres_world_database(),
                      "UPDATE posts SET title = 'A zebra' WHERE created_at > timestamptz 'epoch'"
                      " + interval '19998 s'");

    struct post_page page = posts_of("zebra");

    ck_assert_uint_eq(page.count, 4);
    ck_assert_str_eq(page.posts[1].title, "A zebra");
    ck_assert_str_eq(page.posts[3].title, "Über Zebras");
    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(letters_of_patterns_are_letters)
{
    ck_assert_uint_eq(posts_of("100% of").count, 1);
    ck_assert_uint_eq(posts_of("\\_zebra").count, 1);
    ck_assert_uint_eq(posts_of("1%f").count, 0);
    ck_assert_uint_eq(posts_of("z_bra").count, 0);
}
END_TEST

START_TEST(finds_a_title_among_one_author_s)
{
    const struct post_filter filter = {.search = "zebra", .author_id = 2, .limit = 5};
    static const struct postgres_statement explain = {
        "explain",
        "EXPLAIN EXECUTE post_reader_search_by_author ('infinity', 1, 6, 'zebra', NULL, 2)"};
    struct post_page page;

    expect_ok(post_reader_list(world.posts, ctx, &filter, &page));

    ck_assert_uint_eq(page.count, 1);
    ck_assert(has_plan(&explain, "posts_author_idx"));
}
END_TEST

static struct user_page users_of(const struct user_filter *filter)
{
    struct user_page page;
    expect_ok(user_reader_list(world.users, ctx, filter, &page));
    return page;
}

START_TEST(finds_a_rare_address_far_behind)
{
    static const struct postgres_statement explain = {
        "explain",
        "EXPLAIN EXECUTE user_reader_list_matching ('infinity', 1, 6, NULL, NULL, 'odd')"};

    struct user_page page = users_of(&(struct user_filter){.search = "odd_ONE", .limit = 5});

    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.users[0].id, 1);
    ck_assert(has_plan(&explain, "users_email_parts_idx"));
}
END_TEST

START_TEST(lists_the_few_of_the_staff_by_an_index_of_theirs)
{
    static const struct postgres_statement explain = {
        "explain", "EXPLAIN EXECUTE user_reader_list_staff ('infinity', 1, 6, NULL, true, '')"};

    struct user_page page =
        users_of(&(struct user_filter){.has_is_staff = true, .is_staff = true, .limit = 5});

    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.users[0].id, 1);
    ck_assert(has_plan(&explain, "users_staff_idx"));
}
END_TEST

START_TEST(lists_the_few_who_are_inactive_by_an_index_of_theirs)
{
    static const struct postgres_statement explain = {
        "explain", "EXPLAIN EXECUTE user_reader_list_inactive ('infinity', 1, 6, false, NULL, '')"};

    struct user_page page =
        users_of(&(struct user_filter){.has_is_active = true, .search = "odd", .limit = 5});

    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.users[0].id, 1);
    ck_assert(has_plan(&explain, "users_inactive_idx"));
}
END_TEST

START_TEST(flags_still_count_in_a_search)
{
    const struct user_filter filter = {
        .search = "odd", .has_is_active = true, .is_active = true, .limit = 5};

    ck_assert_uint_eq(users_of(&filter).count, 0);
}
END_TEST

START_TEST(finds_an_author_far_behind)
{
    static const struct postgres_statement explain = {
        "explain", "EXPLAIN EXECUTE user_reader_find_authors ('person1999', 6)"};
    struct author *authors;
    size_t count;

    expect_ok(user_reader_find_authors(world.users, ctx, "PERSON1999", 3, &authors, &count));

    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(authors[0].email, "person19990@example.org");
    ck_assert_str_eq(authors[1].email, "person19991@example.org");
    ck_assert(has_plan(&explain, "users_email_parts_idx"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, finds_a_rare_title_far_behind);
    tcase_add_test(tests, finds_a_common_title_page_by_page);
    tcase_add_test(tests, pages_go_on_from_what_is_near_to_what_is_far);
    tcase_add_test(tests, letters_of_patterns_are_letters);
    tcase_add_test(tests, finds_a_title_among_one_author_s);
    tcase_add_test(tests, finds_a_rare_address_far_behind);
    tcase_add_test(tests, lists_the_few_of_the_staff_by_an_index_of_theirs);
    tcase_add_test(tests, lists_the_few_who_are_inactive_by_an_index_of_theirs);
    tcase_add_test(tests, flags_still_count_in_a_search);
    tcase_add_test(tests, finds_an_author_far_behind);
}
CHECK_MAIN("search postgres", add_tests)
