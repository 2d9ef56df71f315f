/* services/gateway/api/filter.h */

#include "services/gateway/api/filter.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct json_field fields[] = {
    {.name = "id", .name_size = 2, .kind = JSON_INTEGER, .flags = JSON_REQUIRED},
    {.name = "note", .name_size = 4, .kind = JSON_STRING},
};
static const struct json_object view = {.name = "view", .fields = fields, .field_count = 2};

static struct arena *arena;
static struct buffer buffer;

static void setup(void)
{
    arena = arena_new();
    buffer_init(&buffer, arena);
}

static void teardown(void)
{
    arena_free(arena);
}

static bool copy(const char *text)
{
    /* exactly as long as it is: a look behind its end is found by the sanitizer */
    size_t size = strlen(text);
    char *exact = malloc(size == 0 ? 1 : size);
    memcpy(exact, text, size);
    bool is_copied = filter_copy(&view, exact, size, &buffer);
    free(exact);
    return is_copied;
}

START_TEST(keeps_what_the_view_names)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"{\"id\":1}", "{\"id\":1}"},
        {"{\"x\":0,\"id\":1,\"y\":[{\"id\":2}],\"note\":null}", "{\"id\":1,\"note\":null}"},
        {" { \"id\" : -1e3 , \"x\" : {} } ", "{\"id\" : -1e3 }"},
        {"{\"note\":\"a\\\"}],{[\\\\\",\"id\":{\"a\":[1,{}]}}",
         "{\"note\":\"a\\\"}],{[\\\\\",\"id\":{\"a\":[1,{}]}}"},
        {"[]", "[]"},
        {" [ ] ", "[]"},
        {"[{\"id\":1,\"x\":2},{\"x\":3,\"id\":4}]", "[{\"id\":1},{\"id\":4}]"},
    };

    ck_assert(copy(cases[_i].text));

    ck_assert_str_eq(buffer.data, cases[_i].expected);
}
END_TEST

START_TEST(refuses_what_is_no_object_or_lacks_something)
{
    static const char *const texts[] = {
        "",           "{}",         "{\"note\":1}", "[{}]",        "[1]",     "null",
        "\"id\"",     "{\"id\":1",  "{\"id\":1]",   "{\"id\":1}}", "{\"id\"", "{\"id\":",
        "{\"id",      "{\"id\":\"", "{\"id\":\"\\", "[{\"id\":1}", "[",       "{",
        "{\"id\":[}", "{id:1}",     "[{\"id\":1},",
    };

    ck_assert(!copy(texts[_i]));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, keeps_what_the_view_names, 0, 7);
    tcase_add_loop_test(tests, refuses_what_is_no_object_or_lacks_something, 0, 21);
}
CHECK_MAIN("gateway api filter", add_tests)
