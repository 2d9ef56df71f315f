/*
 * Markdown (CommonMark) to HTML that is safe to show: raw HTML and dangerous links are left out.
 * Headings begin below the page's own and skip no level, pictures of others become links, so that a
 * page stays readable for everybody and loads nothing from elsewhere.
 */
#pragma once

#include "common/template/render.h"

/* A template filter. The HTML of the text; ctx. */
const char *markdown_render(struct render *render, const char *text);
