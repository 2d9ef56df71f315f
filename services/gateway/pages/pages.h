/*
 * The pages for people: HTML that works without scripts, made by templates from what messages
 * answer. Every page is data (page.h); this is the walk from request to response. It has no access
 * to anything but messages.
 */
#pragma once

#include "services/gateway/responder.h"

extern const struct responder page_responder;
