/* The media types of request bodies (RFC 9110, section 8.3.1). */
#pragma once

enum media_type { MEDIA_NONE, MEDIA_JSON, MEDIA_FORM, MEDIA_OTHER };

/*
 * What a Content-Type says. NULL: MEDIA_NONE. JSON or a form in another charset than UTF-8, or with
 * foul parameters: MEDIA_OTHER.
 */
enum media_type media_type_parse(const char *content_type);
