/*
 * A sentence that the next page shows once, after a success: a cookie holds its code, so that
 * nobody can put words of theirs on a page.
 */
#pragma once

struct request;

/* Have the next page show the notice with this code. */
void notice_set(struct request *request, const char *code);
/* What this page is to show, in the visitor's language, or NULL; it is not shown again. */
const char *notice_read(struct request *request);
