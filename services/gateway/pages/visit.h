/*
 * A visit: one request for a page, from its head to its response. In the request's arena. What the
 * files of this folder share; nobody else uses it.
 *
 *     head: find the page, method, cross-site
 *     GET:  ask all messages at once ─ all outcomes ─ fill in ─ render
 *     POST: form, CSRF token, input ─ command ─ redirect
 *                                            └ on failure as GET, with what was typed and why not
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/http/form.h"
#include "common/language/language.h"
#include "services/gateway/pages/page.h"
#include "services/gateway/request.h"

enum { VISIT_PAIRS_MAX = 1200 };

/* Names with their values, in the order they came. */
struct visit_pairs {
    const struct form_pair *pairs;
    size_t count;
};

/* A message asked for, and what came back. */
struct visit_ask {
    struct call call;
    const struct page_ask *ask; /* NULL: who visits (users.me) */
    struct problem problem;     /* .err is OK: `result` is there */
    void *result;               /* of the contract's struct; ctx */
};

struct visit {
    struct request *request;
    const struct page *page;      /* NULL: none has this path */
    const struct page_form *form; /* the one that is posted, or NULL */
    struct visit_pairs query;
    struct visit_pairs typed; /* into the form */
    struct visit_ask *asks;
    size_t ask_count;
    size_t open_count;
    bool is_denied;          /* the command was not allowed; who visits tells why */
    enum err form_err;       /* how the form's command failed */
    const char *reason;      /* why, or NULL */
    const void *form_result; /* of a form that left something undone; or NULL */
    const char *next;        /* a local path, or NULL */
    const char *csrf;        /* the token of this visitor */
    const char *csrf_cookie; /* of the visitor, or NULL */
    bool is_csrf_cookie_new;
    struct problem form_problem;      /* why the form failed */
    struct page_variables *variables; /* of the page's struct; NULL: not made yet */
    const struct user *user;
    bool is_visitor;
};

/* Begin one; ctx. */
struct visit *visit_new(struct request *request);
struct visit *visit_of(const struct request *request);

/* The value of this name, or NULL; the last, where there are several. */
const struct form_pair *visit_pair(const struct visit_pairs *pairs, const char *name);
/* Read `name=value&…`. ERR_INVALID_INPUT: it cannot be read. */
MUST_CHECK enum err visit_read_pairs(struct visit *visit, const char *data, size_t size,
                                     struct visit_pairs *ret);
/* The value of `{name}` in the path, or "". */
const char *visit_path_value(const struct visit *visit, const char *name);

/* Where it leads that somebody has to sign in first; then back to here. */
const char *visit_login_url(struct visit *visit);
