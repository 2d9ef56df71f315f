/* argon2_password_hasher: what only the real one can show — its parameters, its salt, its time and
 * memory. */

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "services/command/adapters/argon2_password_hasher.h"
#include "tests/support/check_main.h"

static struct arena *arena;
static struct ctx ctx;
static struct password_hasher *hasher;

static void setup(void)
{
    arena = arena_new();
    ctx_init(&ctx, arena, NULL, NULL);
    expect_ok(argon2_password_hasher_open(&hasher));
}

static void teardown(void)
{
    argon2_password_hasher_free(hasher);
    arena_free(arena);
}

static const char *hash_of(const char *password)
{
    const char *hash = NULL;
    expect_ok(password_hasher_hash(hasher, &ctx, password, &hash));
    return hash;
}

static bool is_right(const char *hash, const char *password)
{
    bool found;
    expect_ok(password_hasher_check(hasher, &ctx, hash, password, &found));
    return found;
}

/* CPU time, so that a busy machine does not count. */
static double check_seconds(const char *hash, const char *password)
{
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    bool found = is_right(hash, password);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    ck_assert_int_eq(found, hash != NULL && strcmp(password, "correct horse") == 0);
    return (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
}

static double quickest_check_seconds(const char *hash, const char *password)
{
    double quickest = check_seconds(hash, password);
    for (int i = 0; i < 4; i++) {
        double seconds = check_seconds(hash, password);
        quickest = seconds < quickest ? seconds : quickest;
    }
    return quickest;
}

static void read_pages(long *ret_size, long *ret_resident)
{
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%ld %ld", ret_size, ret_resident), 2);
    (void)fclose(file);
}

static long size_pages(void)
{
    long size = 0;
    long resident = 0;
    read_pages(&size, &resident);
    return size;
}

static long resident_pages(void)
{
    long size = 0;
    long resident = 0;
    read_pages(&size, &resident);
    return resident;
}

START_TEST(uses_19_mib_two_passes_and_one_lane)
{
    static const char parameters[] = "$argon2id$v=19$m=19456,t=2,p=1$";

    ck_assert_int_eq(strncmp(hash_of("correct horse"), parameters, strlen(parameters)), 0);
}
END_TEST

START_TEST(salts_every_hash)
{
    ck_assert_str_ne(hash_of("correct horse"), hash_of("correct horse"));
}
END_TEST

START_TEST(knows_a_hash_that_was_made_with_other_parameters)
{
    const char *hash = "$argon2id$v=19$m=8192,t=1,p=1$+5oJaiMJG6tvFAKv/8XSrw"
                       "$jm0xbXcN9l9eArC2GqcmksZ49LiOcg5j/FGbiGcyfoE";

    ck_assert(is_right(hash, "correct horse"));
    ck_assert(!is_right(hash, "wrong horse"));
}
END_TEST

/* A hash for which no machine has the memory, and for whoever has: a bound of address space. */
START_TEST(without_memory_nothing_is_said_of_the_password)
{
    const char *hash = "$argon2id$v=19$m=4294967295,t=1,p=1$+5oJaiMJG6tvFAKv/8XSrw"
                       "$jm0xbXcN9l9eArC2GqcmksZ49LiOcg5j/FGbiGcyfoE";
    const rlim_t tebibyte = (rlim_t)1 << 40;
    struct rlimit limit;
    bool found;
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &limit), 0);
    limit.rlim_cur = (rlim_t)size_pages() * (rlim_t)sysconf(_SC_PAGESIZE) + tebibyte;
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);

    expect_err(ERR_UNAVAILABLE, password_hasher_check(hasher, &ctx, hash, "correct horse", &found));

    expect_err(ERR_UNAVAILABLE, ctx.problem.err);
}
END_TEST

START_TEST(takes_the_same_time_for_nobody)
{
    const char *hash = hash_of("correct horse");

    double right = quickest_check_seconds(hash, "correct horse");
    double wrong = quickest_check_seconds(hash, "wrong horse");
    double nobody = quickest_check_seconds(NULL, "correct horse");

    ck_assert_double_lt(wrong / right, 1.5);
    ck_assert_double_gt(wrong / right, 0.67);
    ck_assert_double_lt(nobody / right, 1.5);
    ck_assert_double_gt(nobody / right, 0.67);
}
END_TEST

START_TEST(gives_its_memory_back)
{
    (void)hash_of("correct horse");
    long before = resident_pages();

    (void)hash_of("correct horse");
    ck_assert(!is_right(NULL, "correct horse"));

    ck_assert_int_lt(resident_pages() - before, 1024); /* 4 MiB: less than one hash takes */
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, uses_19_mib_two_passes_and_one_lane);
    tcase_add_test(tests, salts_every_hash);
    tcase_add_test(tests, knows_a_hash_that_was_made_with_other_parameters);
    tcase_add_test(tests, without_memory_nothing_is_said_of_the_password);
    tcase_add_test(tests, takes_the_same_time_for_nobody);
    tcase_add_test(tests, gives_its_memory_back);
}
CHECK_MAIN("argon2_password_hasher", add_tests)
