/*
 * Parts of statements that search for a part of a text, in any case of letters. Migration 0012 has
 * the indexes: by trigrams, where the database has them; else all rows are read, and the same is
 * found.
 */
#pragma once

/* Does `column` hold the text of `parameter`? Wildcards of LIKE in it are letters like others. */
#define SEARCH_MATCHES(column, parameter, collation)                                               \
    "lower(" column " COLLATE " collation ") LIKE '%' || replace(replace(replace(lower(" parameter \
    "::text COLLATE " collation "), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'"

/*
 * "WITH found AS …": the first `limit` of `rows` ("SELECT … WHERE …", with all columns that the
 * other two name) that match. What many rows match is found among the first of them, without
 * looking for the rest; only what few do needs the index, and then gets it: left to itself, a
 * planner walks the whole table in order wherever it expects more matches than there are.
 */
#define SEARCH_FOUND(rows, order, limit, matches)                                                  \
    "WITH first_rows AS MATERIALIZED (" rows " ORDER BY " order " LIMIT 2000),"                    \
    " near AS MATERIALIZED (SELECT * FROM first_rows WHERE " matches "),"                          \
    " far AS MATERIALIZED (" rows " AND (SELECT count(*) FROM near) < " limit " AND " matches      \
    "), found AS MATERIALIZED (SELECT * FROM near UNION SELECT * FROM far ORDER BY " order         \
    " LIMIT " limit ") "
