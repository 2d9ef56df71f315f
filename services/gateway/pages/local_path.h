/* Paths of ours that somebody else may name (`?next=`): no way to another site. */
#pragma once

#include <stdbool.h>

/*
 * Is it a path on this site, as a browser reads it? It begins with one slash; a second one, or a
 * backslash, which browsers take for a slash, would begin another host. Printable ASCII only:
 * browsers drop tabs and line feeds from addresses before they read them. `text` may be NULL.
 */
bool local_path_is(const char *text);
