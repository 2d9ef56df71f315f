/* The documents say what the program does: every setting and every message is in them, word for
 * word. */

#include <string.h>

#include "common/contract/contract.h"
#include "common/core/settings.h"
#include "tests/support/check_main.h"

enum { TEXT_MAX = 256 * 1024 };

static char text[TEXT_MAX];

static const char *read_document(const char *name)
{
    char path[1024];
    const char *root = getenv("SOURCE_ROOT");
    ck_assert_ptr_nonnull(root);
    (void)snprintf(path, sizeof(path), "%s/docs/%s", root, name);
    FILE *file = fopen(path, "re");
    ck_assert_msg(file != NULL, "cannot read %s", path);
    size_t size = fread(text, 1, TEXT_MAX - 1, file);
    text[size] = '\0';
    (void)fclose(file);
    return text;
}

START_TEST(configuration_is_the_table_of_settings)
{
    char *table = NULL;
    size_t size;
    FILE *stream = open_memstream(&table, &size);
    settings_print_markdown(stream);
    (void)fclose(stream);

    const char *document = read_document("configuration.md");

    const char *found = strstr(document, table);
    ck_assert_msg(found != NULL, "docs/configuration.md must hold this table:\n%s", table);
    ck_assert_str_eq(found + size, ""); /* and ends with it: no setting that is no more */
    free(table);
}
END_TEST

/* A new message need not be there (the generated reference has it), but what is there must be true.
 */
START_TEST(messages_names_no_message_that_is_none)
{
    const char *document = read_document("messages.md");

    size_t rows = 0;
    for (const char *row = strstr(document, "\n| `"); row != NULL; row = strstr(row, "\n| `")) {
        row += strlen("\n| `");
        size_t size = strcspn(row, "`");
        if (memchr(row, '.', size) != NULL) {
            ck_assert_msg(contract_find(row, size) != NULL, "there is no message %.*s", (int)size,
                          row);
            rows++;
        }
    }
    ck_assert_uint_gt(rows, 0);
}
END_TEST

START_TEST(messages_names_every_error_with_its_status)
{
    const char *document = read_document("messages.md");

    for (int err = OK + 1; err < ERR_COUNT; err++) {
        const struct err_info *info = err_info((enum err)err);
        char row[128];
        (void)snprintf(row, sizeof(row), "\n| `%s` | %d |", info->code, info->http_status);
        ck_assert_msg(strstr(document, row) != NULL, "docs/messages.md has no row of %s (%d)",
                      info->code, info->http_status);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, configuration_is_the_table_of_settings);
    tcase_add_test(tests, messages_names_no_message_that_is_none);
    tcase_add_test(tests, messages_names_every_error_with_its_status);
}
CHECK_MAIN("documents", add_tests)
