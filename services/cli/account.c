/* The name of the account, as far as it can be told. */

#include "account.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ACCOUNT_MAX = 100 };

/* A name of the environment may hold anything; the database takes no broken UTF-8. */
static const char *plain(const char *name, struct arena *arena)
{
    char *copy = arena_copy(arena, name, strnlen(name, ACCOUNT_MAX));
    for (char *place = copy; *place != '\0'; place++) {
        if (*place < ' ' || *place > '~') {
            *place = '?';
        }
    }
    return copy;
}

const char *account_name(struct arena *arena)
{
    const char *name = getenv("SUDO_USER");
    if (name != NULL && *name != '\0') {
        return plain(name, arena);
    }
    /* cppcheck-suppress getpwuidCalled ; one thread */
    const struct passwd *account = getpwuid(getuid());
    return account != NULL ? plain(account->pw_name, arena)
                           : arena_printf(arena, "uid %u", (unsigned)getuid());
}
