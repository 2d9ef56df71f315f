/* Rules of the port user_store. */

#include "contracts/users_register.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

static struct command_world world;
static struct message message;
static struct ctx *ctx;

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &users_register_contract);
    ctx = &message.ctx;
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

static enum err insert(const char *email, int64_t *ret_id)
{
    struct account account = {.email = email, .password_hash = "$argon2id$…", .is_active = true};
    enum err err = user_store_insert(world.users, ctx, &account);
    *ret_id = account.id;
    return err;
}

START_TEST(a_user_is_found_by_id_as_inserted)
{
    struct account account = {.email = "Ann@Example.com",
                              .password_hash = "hash of ann",
                              .is_active = true,
                              .is_staff = true};
    expect_ok(user_store_insert(world.users, ctx, &account));

    struct account found;
    expect_ok(user_store_find(world.users, ctx, account.id, &found));

    ck_assert_int_eq(found.id, account.id);
    ck_assert_str_eq(found.email, "Ann@Example.com");
    ck_assert_str_eq(found.password_hash, "hash of ann");
    ck_assert(found.is_active);
    ck_assert(found.is_staff);
    ck_assert(!found.is_superuser);
}
END_TEST

START_TEST(a_user_is_found_by_address_in_any_case)
{
    int64_t id;
    expect_ok(insert("Ann@Example.com", &id));

    struct account found;
    expect_ok(user_store_find_by_email(world.users, ctx, "aNN@eXAMPLE.COM", &found));

    ck_assert_int_eq(found.id, id);
    ck_assert_str_eq(found.email, "Ann@Example.com");
}
END_TEST

START_TEST(an_address_is_taken_in_any_case)
{
    int64_t id;
    expect_ok(insert("ann@example.com", &id));

    expect_err(ERR_USER_ALREADY_EXISTS, insert("ANN@example.COM", &id));

    ck_assert_int_eq(ctx->problem.err, ERR_USER_ALREADY_EXISTS);
}
END_TEST

START_TEST(a_taken_address_leaves_the_transaction_whole)
{
    enum unit_state state;
    struct outcome stored;
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    expect_ok(unit_begin(world.unit, ctx, &message.envelope, message.fingerprint, &state, &stored));

    expect_err(ERR_USER_ALREADY_EXISTS, insert("ann@example.com", &id));
    expect_ok(insert("bob@example.com", &id));

    expect_ok(unit_commit(world.unit, ctx, &(struct outcome){.body = "{}", .body_size = 2}));
    struct account found;
    expect_ok(user_store_find(world.users, ctx, id, &found));
}
END_TEST

START_TEST(deactivated_users_are_found_too)
{
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    world_deactivate(id);

    struct account found;
    expect_ok(user_store_find_by_email(world.users, ctx, "ann@example.com", &found));

    ck_assert(!found.is_active);
}
END_TEST

START_TEST(a_user_is_locked_as_inserted)
{
    int64_t id;
    expect_ok(insert("Ann@example.com", &id));

    struct account found;
    expect_ok(user_store_lock(world.users, ctx, id, &found));

    ck_assert_int_eq(found.id, id);
    ck_assert_str_eq(found.email, "Ann@example.com");
    ck_assert_int_eq(found.last_login, 0);
    ck_assert_int_gt(found.created_at, INT64_C(1700000000000000));
}
END_TEST

START_TEST(several_users_are_locked_in_their_order_as_far_as_they_are_there)
{
    int64_t ids[3];
    expect_ok(insert("bob@example.com", &ids[0]));
    expect_ok(insert("ann@example.com", &ids[1]));
    ids[2] = 123456789;

    struct account found[3];
    size_t count;
    expect_ok(user_store_lock_all(world.users, ctx, ids, 3, found, &count));

    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(found[0].id, ids[0]);
    ck_assert_str_eq(found[0].email, "bob@example.com");
    ck_assert_int_eq(found[1].id, ids[1]);
    ck_assert_str_eq(found[1].email, "ann@example.com");
}
END_TEST

START_TEST(an_update_changes_address_and_flags_and_nothing_else)
{
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    struct account account;
    expect_ok(user_store_lock(world.users, ctx, id, &account));
    account.email = "Ann@example.org";
    account.password_hash = "another hash";
    account.is_active = false;
    account.is_staff = account.is_superuser = true;

    expect_ok(user_store_update(world.users, ctx, &account));

    struct account found;
    expect_ok(user_store_find(world.users, ctx, id, &found));
    ck_assert_str_eq(found.email, "Ann@example.org");
    ck_assert(!found.is_active);
    ck_assert(found.is_staff);
    ck_assert(found.is_superuser);
    ck_assert_str_eq(found.password_hash, "$argon2id$…");
}
END_TEST

START_TEST(an_address_may_change_its_case)
{
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    struct account account;
    expect_ok(user_store_lock(world.users, ctx, id, &account));
    account.email = "ANN@example.com";

    expect_ok(user_store_update(world.users, ctx, &account));

    expect_ok(user_store_find(world.users, ctx, id, &account));
    ck_assert_str_eq(account.email, "ANN@example.com");
}
END_TEST

START_TEST(an_address_of_another_is_refused_and_the_transaction_stays_whole)
{
    enum unit_state state;
    struct outcome stored;
    int64_t ann;
    int64_t bob;
    expect_ok(insert("ann@example.com", &ann));
    expect_ok(insert("bob@example.com", &bob));
    expect_ok(unit_begin(world.unit, ctx, &message.envelope, message.fingerprint, &state, &stored));
    struct account account;
    expect_ok(user_store_lock(world.users, ctx, ann, &account));
    account.email = "BOB@example.com";

    expect_err(ERR_USER_ALREADY_EXISTS, user_store_update(world.users, ctx, &account));
    account.email = "cid@example.com";
    expect_ok(user_store_update(world.users, ctx, &account));

    expect_ok(unit_commit(world.unit, ctx, &(struct outcome){.body = "{}", .body_size = 2}));
    expect_ok(user_store_find_by_email(world.users, ctx, "cid@example.com", &account));
    ck_assert_int_eq(account.id, ann);
}
END_TEST

START_TEST(a_removed_user_is_gone_and_the_address_is_free)
{
    int64_t ann;
    int64_t bob;
    expect_ok(insert("ann@example.com", &ann));
    expect_ok(insert("bob@example.com", &bob));
    struct account found;
    expect_ok(user_store_lock(world.users, ctx, ann, &found));

    expect_ok(user_store_remove(world.users, ctx, ann));

    expect_err(ERR_NOT_FOUND, user_store_find(world.users, ctx, ann, &found));
    expect_err(ERR_NOT_FOUND, user_store_remove(world.users, ctx, ann));
    expect_ok(user_store_find(world.users, ctx, bob, &found));
    int64_t again;
    expect_ok(insert("ann@example.com", &again));
    ck_assert_int_ne(again, ann);
}
END_TEST

START_TEST(nobody_is_not_locked)
{
    struct account found;
    expect_err(ERR_NOT_FOUND, user_store_lock(world.users, ctx, 123456789, &found));
}
END_TEST

START_TEST(a_login_is_noted)
{
    struct account read;
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    expect_ok(user_store_find(world.users, ctx, id, &read));
    ck_assert(!world_has_logged_in(id));

    expect_ok(user_store_set_last_login(world.users, ctx, &read));

    ck_assert(world_has_logged_in(id));
}
END_TEST

START_TEST(a_login_with_a_password_that_was_changed_meanwhile_is_none)
{
    struct account read;
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    expect_ok(user_store_find(world.users, ctx, id, &read));

    expect_ok(user_store_set_password(world.users, ctx, id, "another hash"));

    expect_err(ERR_NOT_FOUND, user_store_set_last_login(world.users, ctx, &read));
    expect_ok(user_store_find(world.users, ctx, id, &read));
    ck_assert_str_eq(read.password_hash, "another hash");
    expect_ok(user_store_set_last_login(world.users, ctx, &read));
}
END_TEST

START_TEST(a_login_of_a_user_who_was_deactivated_meanwhile_is_none)
{
    struct account read;
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    expect_ok(user_store_find(world.users, ctx, id, &read));

    world_deactivate(id);

    expect_err(ERR_NOT_FOUND, user_store_set_last_login(world.users, ctx, &read));
}
END_TEST

START_TEST(the_language_is_kept)
{
    struct account ann = {.email = "ann@example.com", .password_hash = "hash", .language = "de"};
    struct account found;

    expect_ok(user_store_insert(world.users, ctx, &ann));

    expect_ok(user_store_find(world.users, ctx, ann.id, &found));
    ck_assert_str_eq(found.language, "de");
}
END_TEST

START_TEST(another_language_can_be_chosen)
{
    int64_t id;
    expect_ok(insert("ann@example.com", &id));
    struct account found;

    expect_ok(user_store_set_language(world.users, ctx, id, "fr"));

    expect_ok(user_store_find(world.users, ctx, id, &found));
    ck_assert_str_eq(found.language, "fr");
    expect_err(ERR_NOT_FOUND, user_store_set_language(world.users, ctx, 123456789, "fr"));
}
END_TEST

START_TEST(nobody_is_neither_found_nor_logged_in)
{
    struct account found;

    expect_err(ERR_NOT_FOUND, user_store_find(world.users, ctx, 123456789, &found));
    expect_err(ERR_NOT_FOUND,
               user_store_find_by_email(world.users, ctx, "nobody@example.com", &found));
    struct account unknown = {.id = 123456789, .password_hash = "hash"};
    expect_err(ERR_NOT_FOUND, user_store_set_last_login(world.users, ctx, &unknown));
}
END_TEST

START_TEST(staff_is_listed_while_it_is_active)
{
    struct account staff = {.email = "ann@example.com", .is_active = true, .is_staff = true};
    staff.password_hash = "hash";
    expect_ok(user_store_insert(world.users, ctx, &staff));
    struct account former = staff;
    former.email = "bob@example.com";
    expect_ok(user_store_insert(world.users, ctx, &former));
    world_deactivate(former.id);
    int64_t reader;
    expect_ok(insert("cid@example.com", &reader));

    int64_t ids[4];
    size_t count;
    expect_ok(user_store_list_staff(world.users, ctx, NOBODY, ids, 4, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(ids[0], staff.id);
}
END_TEST

START_TEST(staff_is_listed_batch_by_batch)
{
    struct account staff = {.is_active = true, .is_staff = true, .password_hash = "hash"};
    int64_t all[3];
    for (size_t i = 0; i < 3; i++) {
        static const char *const emails[] = {"ann@example.com", "bob@example.com",
                                             "cid@example.com"};
        staff.email = emails[i];
        expect_ok(user_store_insert(world.users, ctx, &staff));
        all[i] = staff.id;
    }

    int64_t ids[2];
    size_t count;
    expect_ok(user_store_list_staff(world.users, ctx, NOBODY, ids, 2, &count));
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(ids[0], all[0]);
    ck_assert_int_eq(ids[1], all[1]);
    expect_ok(user_store_list_staff(world.users, ctx, ids[1], ids, 2, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(ids[0], all[2]);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_user_is_found_by_id_as_inserted);
    tcase_add_test(tests, a_user_is_found_by_address_in_any_case);
    tcase_add_test(tests, an_address_is_taken_in_any_case);
    tcase_add_test(tests, a_taken_address_leaves_the_transaction_whole);
    tcase_add_test(tests, deactivated_users_are_found_too);
    tcase_add_test(tests, a_user_is_locked_as_inserted);
    tcase_add_test(tests, several_users_are_locked_in_their_order_as_far_as_they_are_there);
    tcase_add_test(tests, an_update_changes_address_and_flags_and_nothing_else);
    tcase_add_test(tests, an_address_may_change_its_case);
    tcase_add_test(tests, an_address_of_another_is_refused_and_the_transaction_stays_whole);
    tcase_add_test(tests, a_removed_user_is_gone_and_the_address_is_free);
    tcase_add_test(tests, nobody_is_not_locked);
    tcase_add_test(tests, a_login_is_noted);
    tcase_add_test(tests, a_login_with_a_password_that_was_changed_meanwhile_is_none);
    tcase_add_test(tests, a_login_of_a_user_who_was_deactivated_meanwhile_is_none);
    tcase_add_test(tests, the_language_is_kept);
    tcase_add_test(tests, another_language_can_be_chosen);
    tcase_add_test(tests, staff_is_listed_while_it_is_active);
    tcase_add_test(tests, staff_is_listed_batch_by_batch);
    tcase_add_test(tests, nobody_is_neither_found_nor_logged_in);
}
CHECK_MAIN("user_store", add_tests)
