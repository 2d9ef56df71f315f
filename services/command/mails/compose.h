/* What the code made from the mails calls. */
#pragma once

#include "common/template/render.h"
#include "ctx.h"
#include "ports.h"

/* The language of a mail: that of its recipient, else of the message that has it sent. */
enum language compose_language(const struct ctx *ctx, const struct account *to);

/* What has been written; ctx. */
const char *compose_text(const struct render *render);
