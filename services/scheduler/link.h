/* What is said of a connection to the broker: one line when it comes, one when it goes or does not
 * come. */
#pragma once

#include <stdbool.h>

struct link {
    const char *name; /* "publish", "consume"; static */
    bool is_up;
    bool is_trouble_told;
};

void link_up(struct link *link);
void link_down(struct link *link, const char *reason);
