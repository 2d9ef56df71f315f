/* A filter of the templates' user: HTML from a text. */
#pragma once

#include "common/template/render.h"

const char *sample_shout(struct render *render, const char *text);
