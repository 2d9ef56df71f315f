/*
 * What tells browsers to be careful with our responses: the headers of OWASP's HTTP headers cheat
 * sheet. Nothing here depends on the request; the texts are static.
 */
#pragma once

struct request;

/* With a Content-Security-Policy of its own; static. */
void security_headers_add(struct request *request, const char *content_policy);
/* For data: nothing in it may be run or shown in a frame. */
void security_headers_add_for_data(struct request *request);
/* For pages of our own: scripts, styles and pictures from here only, and none in the text. */
void security_headers_add_for_page(struct request *request);
