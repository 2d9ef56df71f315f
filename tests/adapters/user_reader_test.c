/* Rules of the port user_reader. */

#include "contracts/users_me.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

static struct query_world world;
static struct message message;
static struct ctx *ctx;
static struct user user;

static const int64_t noon = INT64_C(1717243200123456); /* 2024-06-01 12:00:00.123456 */

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &users_me_contract);
    ctx = &message.ctx;
    world_add_user(7);
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

START_TEST(an_active_user_is_found)
{
    expect_ok(user_reader_find(world.users, ctx, 7, &user));

    ck_assert_int_eq(user.id, 7);
    ck_assert_str_eq(user.email, "author7@example.com");
    ck_assert(!user.is_staff);
}
END_TEST

START_TEST(a_deactivated_user_is_not_found)
{
    world_deactivate(7);

    expect_err(ERR_NOT_FOUND, user_reader_find(world.users, ctx, 7, &user));
}
END_TEST

START_TEST(nobody_is_not_found)
{
    expect_err(ERR_NOT_FOUND, user_reader_find(world.users, ctx, 8, &user));
}
END_TEST

START_TEST(any_user_is_found_with_all_there_is_to_know)
{
    world_make_staff(7);
    world_make_superuser(7);
    world_log_in(7, noon);
    world_deactivate(7);

    struct managed_user found;
    expect_ok(user_reader_find_any(world.users, ctx, 7, &found));

    ck_assert_int_eq(found.id, 7);
    ck_assert_str_eq(found.email, "author7@example.com");
    ck_assert(!found.is_active);
    ck_assert(found.is_staff);
    ck_assert(found.is_superuser);
    ck_assert(found.has_last_login);
    ck_assert_int_eq(found.last_login, noon);
    ck_assert_int_gt(found.created_at, INT64_C(1700000000000000));
}
END_TEST

START_TEST(who_never_logged_in_has_no_latest_login)
{
    struct managed_user found;
    expect_ok(user_reader_find_any(world.users, ctx, 7, &found));

    ck_assert(!found.has_last_login);
    ck_assert(found.is_active);
    ck_assert(!found.is_staff);
    ck_assert(!found.is_superuser);
}
END_TEST

START_TEST(a_user_that_is_not_there_is_not_found_either)
{
    struct managed_user found;
    expect_err(ERR_NOT_FOUND, user_reader_find_any(world.users, ctx, 8, &found));
}
END_TEST

static struct user_page list(const struct user_filter *filter)
{
    struct user_page page;
    expect_ok(user_reader_list(world.users, ctx, filter, &page));
    return page;
}

START_TEST(users_stand_in_the_order_of_their_latest_logins)
{
    for (int64_t id = 8; id <= 11; id++) {
        world_add_user(id);
    }
    world_log_in(8, noon);
    world_log_in(9, noon + 1);
    world_log_in(10, noon);
    static const int64_t expected[] = {9, 10, 8, 11, 7}; /* the last two never did */

    struct user_page page = list(&(struct user_filter){.limit = 20});

    ck_assert_uint_eq(page.count, ARRAY_COUNT(expected));
    for (size_t i = 0; i < page.count; i++) {
        ck_assert_int_eq(page.users[i].id, expected[i]);
    }
    ck_assert_int_eq(page.users[0].last_login, noon + 1);
    ck_assert(!page.users[4].has_last_login);
    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(a_walk_shows_each_user_once)
{
    for (int64_t id = 8; id <= 11; id++) {
        world_add_user(id);
    }
    world_log_in(8, noon);
    world_log_in(9, noon + 1);
    world_log_in(10, noon);
    static const int64_t expected[] = {9, 10, 8, 11, 7};

    struct user_filter filter = {.limit = 1};
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        struct user_page page = list(&filter);
        ck_assert_uint_eq(page.count, 1);
        ck_assert_int_eq(page.users[0].id, expected[i]);
        filter.cursor = page.next_cursor;
        ck_assert_int_eq(filter.cursor == NULL, i == ARRAY_COUNT(expected) - 1);
    }
}
END_TEST

START_TEST(users_are_chosen_by_their_flags)
{
    world_add_user(8);
    world_make_staff(8);
    world_add_user(9);
    world_deactivate(9);

    struct user_page page =
        list(&(struct user_filter){.has_is_staff = true, .is_staff = true, .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.users[0].id, 8);
    page = list(&(struct user_filter){.has_is_active = true, .is_active = false, .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.users[0].id, 9);
    page = list(&(struct user_filter){
        .has_is_active = true, .is_active = true, .has_is_staff = true, .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.users[0].id, 7);
}
END_TEST

START_TEST(users_are_found_by_a_part_of_their_address)
{
    world_add_named_user(8, "Ann.Smith@example.org");
    world_add_named_user(9, "hannah_b@example.org");

    struct user_page page = list(&(struct user_filter){.search = "ANN", .limit = 20});
    ck_assert_uint_eq(page.count, 2);
    page = list(&(struct user_filter){.search = "_", .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.users[0].id, 9);
    ck_assert_uint_eq(list(&(struct user_filter){.search = "%", .limit = 20}).count, 0);
    ck_assert_uint_eq(list(&(struct user_filter){.search = "", .limit = 20}).count, 3);
}
END_TEST

START_TEST(a_cursor_that_is_not_ours_is_refused)
{
    struct user_page page;

    expect_err(ERR_INVALID_INPUT,
               user_reader_list(world.users, ctx,
                                &(struct user_filter){.cursor = "nonsense", .limit = 20}, &page));

    ck_assert_str_eq(ctx->problem.errors->field, "cursor");
}
END_TEST

static size_t find_authors(const char *search, int64_t limit, struct author **ret)
{
    size_t count;
    expect_ok(user_reader_find_authors(world.users, ctx, search, limit, ret, &count));
    return count;
}

START_TEST(authors_are_found_by_a_part_of_their_address_in_its_order)
{
    world_add_named_user(8, "Zoe@example.org");
    world_add_named_user(9, "bob@example.org");
    world_deactivate(9);

    struct author *authors;
    ck_assert_uint_eq(find_authors("EXAMPLE.ORG", 20, &authors), 2);

    ck_assert_int_eq(authors[0].id, 9);
    ck_assert_str_eq(authors[0].email, "bob@example.org");
    ck_assert_int_eq(authors[1].id, 8);
    ck_assert_uint_eq(find_authors("", 20, &authors), 3);
    ck_assert_uint_eq(find_authors(NULL, 2, &authors), 2);
    ck_assert_uint_eq(find_authors("nobody", 2, &authors), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_active_user_is_found);
    tcase_add_test(tests, a_deactivated_user_is_not_found);
    tcase_add_test(tests, nobody_is_not_found);
    tcase_add_test(tests, any_user_is_found_with_all_there_is_to_know);
    tcase_add_test(tests, who_never_logged_in_has_no_latest_login);
    tcase_add_test(tests, a_user_that_is_not_there_is_not_found_either);
    tcase_add_test(tests, users_stand_in_the_order_of_their_latest_logins);
    tcase_add_test(tests, a_walk_shows_each_user_once);
    tcase_add_test(tests, users_are_chosen_by_their_flags);
    tcase_add_test(tests, users_are_found_by_a_part_of_their_address);
    tcase_add_test(tests, a_cursor_that_is_not_ours_is_refused);
    tcase_add_test(tests, authors_are_found_by_a_part_of_their_address_in_its_order);
}
CHECK_MAIN("user_reader", add_tests)
