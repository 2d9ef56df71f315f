/* file_mailer: one whole file a mail, under the identity of its message. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/command/adapters/mail_message.h"
#include "services/command/adapters/mailer.h"
#include "tests/support/check_main.h"

#define FROM "postroom@example.org"
#define FILE_NAME "018f3c5e-7b1a-7c00-8000-0123456789ab.eml"

static const struct mail welcome = {
    .to = "ann@example.org",
    .subject = "Successful registration",
    .text = "You have successfully registered\n",
};

static struct arena *arena;
static struct ctx ctx;
static char place[64];
static const char *folder; /* inside of place; not there yet */
static struct mailer *mailer;

static struct mailer *open_mailer(const char *url)
{
    const struct mailer_options options = {.url = url, .from = FROM, .ca_file = ""};
    struct mailer *opened = NULL;
    expect_ok(mailer_open(&options, &opened));
    return opened;
}

static void setup(void)
{
    arena = arena_new();
    ctx_init(&ctx, arena, NULL, NULL);
    ctx.message_id = "018f3c5e-7b1a-7c00-8000-0123456789ab";
    (void)snprintf(place, sizeof(place), "/tmp/file_mailer_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(place));
    folder = arena_printf(arena, "%s/mail", place);
    mailer = open_mailer(arena_printf(arena, "file://%s", folder));
}

static int is_file(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* How many files there are in the folder, and which. */
static int list_files(struct dirent ***ret)
{
    int count = scandir(folder, ret, is_file, alphasort);
    return count < 0 ? 0 : count;
}

static void free_files(struct dirent **files, int count)
{
    for (int i = 0; i < count; i++) {
        free(files[i]);
    }
    free(files);
}

static int count_files(void)
{
    struct dirent **files = NULL;
    int count = list_files(&files);
    free_files(files, count);
    return count;
}

static void remove_files(void)
{
    struct dirent **files = NULL;
    int count = list_files(&files);
    for (int i = 0; i < count; i++) {
        (void)unlink(arena_printf(arena, "%s/%s", folder, files[i]->d_name));
    }
    free_files(files, count);
    (void)rmdir(folder);
}

static void teardown(void)
{
    mailer_free(mailer);
    remove_files();
    (void)rmdir(place);
    arena_free(arena);
}

static const char *read_mail(const char *name)
{
    FILE *file = fopen(arena_printf(arena, "%s/%s", folder, name), "r");
    ck_assert_msg(file != NULL, "%s is not there", name);
    char *text = arena_alloc(arena, 4096);
    (void)fread(text, 1, 4095, file);
    (void)fclose(file);
    return text;
}

static const char *message_of(const struct mail *mail)
{
    struct buffer message;
    buffer_init(&message, arena);
    expect_ok(mail_message_write(&ctx, mail, FROM, &message));
    return message.data;
}

START_TEST(writes_the_message_byte_for_byte)
{
    expect_ok(mailer_send(mailer, &ctx, &welcome));

    ck_assert_str_eq(read_mail(FILE_NAME), message_of(&welcome));
}
END_TEST

START_TEST(leaves_nothing_else_behind)
{
    expect_ok(mailer_send(mailer, &ctx, &welcome));

    ck_assert_int_eq(count_files(), 1);
}
END_TEST

START_TEST(has_one_file_for_a_message_that_is_sent_again)
{
    expect_ok(mailer_send(mailer, &ctx, &welcome));
    ctx.now_us += 3600 * INT64_C(1000000);

    expect_ok(mailer_send(mailer, &ctx, &welcome));

    ck_assert_int_eq(count_files(), 1);
    ck_assert_str_eq(read_mail(FILE_NAME), message_of(&welcome));
}
END_TEST

START_TEST(has_a_file_for_each_message)
{
    expect_ok(mailer_send(mailer, &ctx, &welcome));
    ctx.message_id = "018f3c5e-7b1a-7c00-8000-ba9876543210";

    expect_ok(mailer_send(mailer, &ctx, &welcome));

    ck_assert_int_eq(count_files(), 2);
}
END_TEST

START_TEST(writes_into_a_folder_whose_name_needs_escapes)
{
    folder = arena_printf(arena, "%s/my mail", place);
    struct mailer *other = open_mailer(arena_printf(arena, "file://%s/my%%20mail", place));

    expect_ok(mailer_send(other, &ctx, &welcome));

    ck_assert_int_eq(count_files(), 1);
    mailer_free(other);
    remove_files();
    folder = arena_printf(arena, "%s/mail", place);
}
END_TEST

START_TEST(is_unavailable_without_its_folder)
{
    ck_assert_int_eq(rmdir(folder), 0);

    expect_err(ERR_UNAVAILABLE, mailer_send(mailer, &ctx, &welcome));

    ck_assert_str_eq(ctx.problem.detail, "The e-mail could not be written");
}
END_TEST

START_TEST(leaves_nothing_behind_when_it_fails)
{
    const char *name = arena_printf(arena, "%s/" FILE_NAME, folder);
    ck_assert_int_eq(mkdir(name, 0700), 0); /* a file cannot be renamed to it */

    expect_err(ERR_UNAVAILABLE, mailer_send(mailer, &ctx, &welcome));

    ck_assert_int_eq(count_files(), 1);
    ck_assert_int_eq(rmdir(name), 0);
}
END_TEST

START_TEST(writes_nothing_for_an_identity_that_is_none)
{
    ctx.message_id = "../escaped";

    expect_err(ERR_INTERNAL, mailer_send(mailer, &ctx, &welcome));

    ck_assert_int_eq(count_files(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, writes_the_message_byte_for_byte);
    tcase_add_test(tests, leaves_nothing_else_behind);
    tcase_add_test(tests, has_one_file_for_a_message_that_is_sent_again);
    tcase_add_test(tests, has_a_file_for_each_message);
    tcase_add_test(tests, writes_into_a_folder_whose_name_needs_escapes);
    tcase_add_test(tests, is_unavailable_without_its_folder);
    tcase_add_test(tests, leaves_nothing_behind_when_it_fails);
    tcase_add_test(tests, writes_nothing_for_an_identity_that_is_none);
}
CHECK_MAIN("file_mailer", add_tests)
