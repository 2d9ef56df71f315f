/*
 * The token that each form carries, so that no other site's page can send it in a visitor's name:
 * a MAC under SECRET_KEY of the session's digest or, where there is no session, of a random cookie
 * that the visitor is given with the first form. Nothing is stored.
 */
#pragma once

#include <stdbool.h>

struct visit;

/* Work out this visitor's token: visit->csrf. A visitor without session and cookie gets a cookie.
 */
void csrf_begin(struct visit *visit);
/* Does the form carry it? */
bool csrf_is_right(const struct visit *visit);
/* Give the visitor the cookie, if it is new. */
void csrf_add_cookie(struct visit *visit);
