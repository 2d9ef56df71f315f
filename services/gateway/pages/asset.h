/*
 * Files that are compiled into the gateway: style sheet, icons, scripts of others' making, and
 * documents. The name of an asset has a digest of its content in it, so that it may be kept for
 * ever; a document has a path of its own. The table is made by the build; static and const.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "services/gateway/responder.h"

struct asset {
    const char *path; /* "/assets/style.3c59dc048e8850.css" */
    const char *content_type;
    const char *data;
    const char *data_end;
    const char *gzip; /* the same, packed; NULL: it would not get smaller */
    const char *gzip_end;
    const char *etag;
    const char *gzip_etag;      /* the same content in other bytes has another (RFC 9110, 8.8.3) */
    const char *content_policy; /* NULL: that of a page or of data, by its type */
    bool is_lasting;            /* its path changes with its content */
};

/* Sorted by path. */
extern const struct asset assets[];
extern const size_t asset_count;

/* The asset at this path, or NULL. */
const struct asset *asset_find(const char *path);

/* Answers with an asset. */
extern const struct responder asset_responder;
