/* Name patterns of HANDLERS and --handlers: comma-separated, `*` stands for any run of characters
 * ("users.*,posts.create"). */
#pragma once

#include <stdbool.h>

bool glob_list_matches(const char *patterns, const char *name);
