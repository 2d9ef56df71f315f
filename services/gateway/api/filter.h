/*
 * Copies what a view names out of a JSON text of our own (a reply): each value as its own bytes,
 * nothing is decoded. The text is walked, not validated in full.
 */
#pragma once

#include <stddef.h>

#include "common/core/attributes.h"
#include "common/core/buffer.h"
#include "common/json/json.h"

/*
 * Append the object, or the array of objects, with the members that `view` has, in the order in
 * which they come. False: it is neither, or lacks a required member.
 */
MUST_CHECK bool filter_copy(const struct json_object *view, const char *data, size_t size,
                            struct buffer *buffer);
