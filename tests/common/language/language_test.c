/* common/language/language.h */

#include "common/language/language.h"

#include "tests/support/check_main.h"

START_TEST(chooses_what_is_wanted_most)
{
    static const struct {
        const char *header;
        enum language language;
    } cases[] = {
        {NULL, LANGUAGE_EN},
        {"", LANGUAGE_EN},
        {"de", LANGUAGE_DE},
        {"DE-at", LANGUAGE_DE},
        {"fr-CA, de;q=0.9, en;q=0.8", LANGUAGE_FR},
        {"en;q=0.8,de;q=0.9", LANGUAGE_DE},
        {"de;q=0.85,fr;q=0.851", LANGUAGE_FR},
        {"it, es, fr;q=0.1", LANGUAGE_FR},
        {"it", LANGUAGE_EN},
        {"*", LANGUAGE_EN},
        {"de;q=0.3, *;q=0.5", LANGUAGE_EN},
        {"fr;q=0", LANGUAGE_EN},
        {"de, fr", LANGUAGE_DE},
        {" \t fr \t ; q=1.000 ,de", LANGUAGE_FR},
        {",,fr,,", LANGUAGE_FR},
        {"den, deu, frx", LANGUAGE_EN},
        {"fr;q=1.001", LANGUAGE_EN},
        {"fr;q=2", LANGUAGE_EN},
        {"fr;q=", LANGUAGE_EN},
        {"fr;x=1, de;q=0.1", LANGUAGE_DE},
        {"fr;q=0.5x, de;q=0.1", LANGUAGE_DE},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, de", LANGUAGE_DE},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_msg(language_choose(cases[i].header) == cases[i].language, "%s", cases[i].header);
    }
}
END_TEST

START_TEST(knows_its_tags)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        enum language language = (enum language)((i + 1) % LANGUAGE_COUNT);

        ck_assert(language_from_tag(language_tag((enum language)i), &language));

        ck_assert_int_eq((int)language, i);
    }
}
END_TEST

START_TEST(knows_no_other_tags)
{
    static const char *const tags[] = {NULL, "", "-", "d", "xx", "deu", "-de"};
    enum language language = LANGUAGE_FR;

    ck_assert(!language_from_tag(tags[_i], &language));

    ck_assert_int_eq((int)language, LANGUAGE_FR);
}
END_TEST

START_TEST(finds_a_text)
{
    const char *text = "You have to be logged in";

    ck_assert_str_eq(language_text(LANGUAGE_EN, text), text);
    ck_assert_str_eq(language_text(LANGUAGE_DE, text), "Sie müssen angemeldet sein");
    ck_assert_str_eq(language_text(LANGUAGE_FR, text), "Vous devez être connecté");
}
END_TEST

START_TEST(shows_an_unknown_text_as_it_is)
{
    ck_assert_str_eq(language_text(LANGUAGE_DE, "Nobody translates this"),
                     "Nobody translates this");
    ck_assert_str_eq(language_text(LANGUAGE_DE, "verb\4Nobody"), "Nobody");
}
END_TEST

START_TEST(counts_an_unknown_text_in_english)
{
    ck_assert_str_eq(language_plural(LANGUAGE_FR, "one x", "many x", 1), "one x");
    ck_assert_str_eq(language_plural(LANGUAGE_FR, "one x", "many x", 0), "many x");
    ck_assert_str_eq(language_plural(LANGUAGE_EN, "one x", "many x", 2), "many x");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, chooses_what_is_wanted_most);
    tcase_add_test(tests, knows_its_tags);
    tcase_add_loop_test(tests, knows_no_other_tags, 0, 7);
    tcase_add_test(tests, finds_a_text);
    tcase_add_test(tests, shows_an_unknown_text_as_it_is);
    tcase_add_test(tests, counts_an_unknown_text_in_english);
}
CHECK_MAIN("language", add_tests)
