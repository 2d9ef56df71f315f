/* Rules of the reading that need PostgreSQL: it writes nothing, and the database may be away or not
 * migrated. */

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "contracts/users_me.h"
#include "tests/adapters/message.h"
#include "tests/adapters/postgres_query_world.h"
#include "tests/support/check_main.h"

static const struct postgres_statement write_something = {
    "test_write", "INSERT INTO users (email, password_hash) VALUES ('x@y', 'h')"};

static struct query_world world;
static struct message message;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &users_me_contract);
    world_add_user(7);
    message.envelope.has_user_id = true;
    message.envelope.user_id = 7;
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

START_TEST(its_connection_cannot_write)
{
    expect_err(ERR_UNAVAILABLE,
               postgres_execute(postgres_world_db(), &write_something, NULL, NULL));

    ck_assert_ptr_nonnull(strstr(postgres_trouble(postgres_world_db()), "25006"));
}
END_TEST

START_TEST(a_connection_lost_while_idle_is_replaced_unnoticed)
{
    expect_ok(reading_ready(world.reading));
    test_database_terminate(postgres_world_database(), WORLD_APPLICATION);
    (void)usleep(200000);

    expect_ok(reading_identify(world.reading, &message.ctx, &message.envelope));

    ck_assert_int_eq(message.ctx.user_id, 7);
}
END_TEST

START_TEST(a_database_that_is_not_migrated_is_not_ready)
{
    test_database_run(postgres_world_database(),
                      "UPDATE schema_migrations SET version = version - 1000");

    expect_err(ERR_UNAVAILABLE, reading_ready(world.reading));
    ck_assert_ptr_nonnull(strstr(reading_trouble(world.reading), "postroom migrate"));

    test_database_run(postgres_world_database(),
                      "UPDATE schema_migrations SET version = version + 1000");
    expect_ok(reading_ready(world.reading));
}
END_TEST

START_TEST(a_database_without_any_table_is_not_ready)
{
    test_database_run(postgres_world_database(),
                      "ALTER TABLE schema_migrations RENAME TO hidden_migrations");

    expect_err(ERR_UNAVAILABLE, reading_ready(world.reading));

    test_database_run(postgres_world_database(),
                      "ALTER TABLE hidden_migrations RENAME TO schema_migrations");
    expect_ok(reading_ready(world.reading));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, its_connection_cannot_write);
    tcase_add_test(tests, a_connection_lost_while_idle_is_replaced_unnoticed);
    tcase_add_test(tests, a_database_that_is_not_migrated_is_not_ready);
    tcase_add_test(tests, a_database_without_any_table_is_not_ready);
}
CHECK_MAIN("reading_postgres", add_tests)
