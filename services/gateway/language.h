/* The language in which one who asks is answered. */
#pragma once

#include <stdbool.h>

#include "common/language/language.h"

struct request;

/* The one they have chosen on a page (a cookie), and nothing else: false when they have not. */
bool language_is_chosen(const struct request *request, enum language *ret);
/* That, or else what their browser asks for. */
enum language language_of_request(const struct request *request);
