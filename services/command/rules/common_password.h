/* Rule: passwords that are tried first protect nobody. */
#pragma once

#include <stdbool.h>

/* Is it, in any case of (ASCII) letters, among those of the lists that are compiled in? */
bool common_password_is(const char *password);
