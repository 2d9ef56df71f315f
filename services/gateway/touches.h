/*
 * Which sessions have been noted to be in use, so that it is done at most once in 5 minutes for
 * each: a table of a fixed size, by a digest of the session's digest. What finds no room in it is
 * noted more often, but no more than so many a second; the worker checks again. One thread: the
 * loop's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct touches;

/* Owned. */
struct touches *touches_new(void);
void touches_free(struct touches *touches);

/* The session with this digest is in use: is it time to note that? If so it is not again for 5
 * minutes. */
bool touches_are_due(struct touches *touches, const char *digest, int64_t now_ms);
/* A session that begins now is in use for 5 minutes. */
void touches_begin(struct touches *touches, const char *digest, int64_t now_ms);
/* What was due has not been noted after all: it is due at once. */
void touches_forget(struct touches *touches, const char *digest);
