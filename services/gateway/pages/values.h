/* From the path, the query string and a form to the input of a message. */
#pragma once

#include "common/core/attributes.h"
#include "services/gateway/pages/visit.h"

/*
 * Read the input of a message into the struct of its contract; ctx. ERR_INVALID_INPUT: `problem`
 * says all that is wrong, by the contract's names.
 *
 * What is empty in the query string is left out; in a form it is given, and empty. Of a boolean
 * that is given twice the second counts (a check box stands behind a hidden field). A list of ids
 * is what has its name. Line ends are those that were typed: browsers send two characters for one.
 */
MUST_CHECK enum err values_read(struct visit *visit, const struct contract *contract,
                                const struct page_input *inputs, size_t count,
                                struct problem *problem, const void **ret);

/* A value in a struct as text; NULL: it is absent. */
const char *values_text(const struct page_value *value, const void *owner, struct arena *arena);
