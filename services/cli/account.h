/* Who runs this process, for those who ask later who did something. */
#pragma once

#include "common/core/arena.h"

/* SUDO_USER, else the login name, else "uid N". In `arena`. */
const char *account_name(struct arena *arena);
