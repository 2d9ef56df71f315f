/*
 * The filters of templates: a value in, a text out, in the language of the page. Times are µs since
 * 1970 and are written in UTC. Texts are never NULL here; what is returned is ctx.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/template/render.h"

const char *render_date(struct render *render, int64_t us);     /* 31 January 2024 */
const char *render_time(struct render *render, int64_t us);     /* 12:00 */
const char *render_datetime(struct render *render, int64_t us); /* 31 January 2024, 12:00 UTC */
const char *render_iso(struct render *render, int64_t us);      /* 2024-01-31T12:00:00Z */

const char *render_number(struct render *render, int64_t number); /* 1,234 */
const char *render_duration(struct render *render, int64_t us);   /* 1.2 ms, 3 min */
const char *render_bytes(struct render *render, int64_t number);  /* 1.2 MB */

size_t render_length(const char *text); /* in characters */
/* The first `characters` of a text, the last of them "…" where something was cut off. */
const char *render_truncate(struct render *render, const char *text, int64_t characters);
/* Percent-encoded: a part of a URL. */
const char *render_urlencode(struct render *render, const char *text);
/* The value of an enum for people: its text with a capital and spaces, translated. */
const char *render_label(struct render *render, const char *text);
