/* Languages, their names, and texts found in the compiled catalogues. */

#include "common/language/language.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/language/catalogue.h"

static const struct {
    const char *tag;
    const char *name;
    const struct catalogue *catalogue; /* NULL: the msgids themselves */
    bool is_zero_one;                  /* 0 takes the form of 1 */
    const char *thousands;
    const char *decimal;
    const char *months[12];
} languages[LANGUAGE_COUNT] = {
    [LANGUAGE_EN] = {"en",
                     "English",
                     NULL,
                     false,
                     ",",
                     ".",
                     {"January", "February", "March", "April", "May", "June", "July", "August",
                      "September", "October", "November", "December"}},
    [LANGUAGE_DE] = {"de",
                     "Deutsch",
                     &catalogue_de,
                     false,
                     ".",
                     ",",
                     {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
                      "September", "Oktober", "November", "Dezember"}},
    [LANGUAGE_FR] = {"fr",
                     "Français",
                     &catalogue_fr,
                     true,
                     "\xE2\x80\xAF", /* narrow no-break space */
                     ",",
                     {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                      "septembre", "octobre", "novembre", "décembre"}},
};

bool language_from_tag(const char *tag, enum language *ret)
{
    if (tag == NULL) {
        return false;
    }
    size_t size = strcspn(tag, "-");
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        if (strlen(languages[i].tag) == size && strncasecmp(tag, languages[i].tag, size) == 0) {
            *ret = (enum language)i;
            return true;
        }
    }
    return false;
}

const char *language_tag(enum language language)
{
    return languages[language].tag;
}

const char *language_name(enum language language)
{
    return languages[language].name;
}

static int compare_entries(const void *msgid, const void *entry)
{
    return strcmp(msgid, ((const struct catalogue_entry *)entry)->msgid);
}

static const struct catalogue_entry *find(enum language language, const char *msgid)
{
    const struct catalogue *catalogue = languages[language].catalogue;
    if (catalogue == NULL) {
        return NULL;
    }
    return bsearch(msgid, catalogue->entries, catalogue->count, sizeof(*catalogue->entries),
                   compare_entries);
}

/* A msgid without its context. */
static const char *plain(const char *msgid)
{
    const char *end = strchr(msgid, '\4');
    return end == NULL ? msgid : end + 1;
}

const char *language_text(enum language language, const char *msgid)
{
    const struct catalogue_entry *entry = find(language, msgid);
    return entry == NULL ? plain(msgid) : entry->one;
}

const char *language_plural(enum language language, const char *one, const char *many, int64_t n)
{
    const struct catalogue_entry *entry = find(language, one);
    bool is_one = n == 1 || (n == 0 && languages[language].is_zero_one);
    if (entry == NULL || entry->many == NULL) {
        return n == 1 ? plain(one) : many;
    }
    return is_one ? entry->one : entry->many;
}

const char *language_month(enum language language, int month)
{
    return languages[language].months[month - 1];
}

const char *language_thousands(enum language language)
{
    return languages[language].thousands;
}

const char *language_decimal(enum language language)
{
    return languages[language].decimal;
}
