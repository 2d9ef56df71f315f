/*
 * What the build knows of each page, as data: made by services/gateway/pages/generate from the site
 * (site/<name>.json and the templates), walked by the engine. All of it is static and const; any
 * thread. How a page is written: docs/add-a-page.md.
 *
 * A template's variables are the members of one struct a page, made for each visit: PAGE_VARIABLES
 * and, for the page's own, the result of each ask, `query`, and its forms.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/contract/contract.h"
#include "common/template/render.h"
#include "contracts/models.h"

/* A language somebody may choose. */
struct language_choice {
    const char *tag;
    const char *name; /* in itself */
    bool is_current;
};

/* What went wrong, or is still going on: for the page that says so. */
struct problem_view {
    int64_t status;
    const char *code;    /* "not_found", "pending" */
    const char *detail;  /* a sentence in the visitor's language */
    const char *command; /* that is pending: its id as /commands/{id}/ has it; or NULL */
};

/* What every template sees. */
#define PAGE_VARIABLES                                                                             \
    const struct user *user; /* NULL: nobody is signed in, or it is not known */                   \
    bool is_visitor;         /* it is known that nobody is */                                      \
    const char *csrf;        /* for the hidden field of that name in each form, … */             \
    const char *once;        /* … and for this one */                                            \
    const char *notice;      /* a translated sentence after success, or NULL */                    \
    const char *path;        /* as sent */                                                         \
    const char *page_url;    /* the same with the query string: to come back to */                 \
    const char *next;        /* the local path to go to afterwards, or NULL */                     \
    const char *language;    /* its tag */                                                         \
    const struct language_choice *languages;                                                       \
    size_t languages_count;                                                                        \
    const struct problem_view *problem /* of the page of errors only */

struct page_variables {
    PAGE_VARIABLES;
};

/* A field of a form, as a template sees it. */
struct form_field {
    const char *name;
    const char *value; /* as typed, or as it is; NULL: nothing (a secret never comes back) */
    const char *const *values; /* of a list of ids: those that were chosen */
    size_t values_count;
    const char *const *errors;
    size_t errors_count;
    bool is_required;
};

/* Where a value comes from. */
enum page_source { PAGE_PATH, PAGE_QUERY, PAGE_FORM, PAGE_LITERAL };

/* A field of a message. */
struct page_input {
    size_t field; /* its index in the contract */
    enum page_source source;
    const char *name; /* there; of a literal: its text */
};

struct request;

/* Data that the gateway has itself: fills in the struct at `ret`, which is zero. */
typedef enum err page_local_function(struct request *request, void *ret);

/* A message that a page asks for, all of a page at once. */
struct page_ask {
    const struct contract *contract; /* NULL: local */
    page_local_function *local;
    const struct page_input *inputs;
    size_t input_count;
    size_t offset; /* of the result in the page's struct */
};

/* A single value somewhere in the page's struct, or in a result. */
struct page_value {
    size_t offset;
    size_t presence_offset; /* of its has_…; JSON_NO_PRESENCE */
    enum json_kind kind;
    const char *const *values; /* of an enum */
};

struct page_field {
    const char *name; /* in the form, and in the struct of the form */
    size_t field;     /* its index in the contract */
    size_t offset;    /* of the struct form_field in the page's struct */
    bool has_initial;
    struct page_value initial;
};

/* A piece of the address that success leads to. */
struct page_piece {
    enum { PIECE_TEXT, PIECE_PATH, PIECE_FORM, PIECE_RESULT } kind;
    const char *text; /* itself, or the name of the value */
    struct page_value value;
};

/* That a value is this text. */
struct page_condition {
    struct page_piece piece;
    const char *text;
};

/* A notice, and when it is shown: all of them hold. */
struct page_form_notice {
    const char *code;
    const struct page_condition *conditions;
    size_t condition_count;
};

/* Which field shows that the message has failed with this. */
struct page_form_error {
    enum err err;
    const char *field;
};

/* What a form does when it has no message: answers the request but for the redirection. */
typedef enum err page_submit_function(struct request *request);

struct page_form {
    const char *name;                /* in the hidden field `form`; NULL: the only one */
    const struct contract *contract; /* NULL: local */
    page_submit_function *submit;
    const struct page_input *inputs;
    size_t input_count;
    const struct page_field *fields;
    size_t field_count;
    size_t errors_offset; /* of `errors` and `errors_count` in the page's struct */
    size_t errors_count_offset;
    const struct page_form_error *errors;
    size_t error_count;
    const enum err *ignored; /* failures that are as good as success */
    size_t ignored_count;
    const struct page_piece *redirect;
    size_t piece_count;
    bool follows_next;                      /* to `next` instead, where it is given */
    const struct page_form_notice *notices; /* the first that fits */
    size_t notice_count;
    bool has_unfinished;      /* what the result says was left is shown on the page */
    size_t unfinished_offset; /* of its count in the result */
    size_t result_offset;     /* of the pointer to the result in the page's struct */
};

enum page_user { PAGE_ANYBODY, PAGE_USER, PAGE_STAFF };

/* A parameter of the query string that the template shows. */
struct page_query {
    const char *name;
    size_t offset; /* of the text in the page's struct */
};

struct page_path_field {
    const char *name;
    const struct contract *contract; /* whose field it is; NULL: any text */
    size_t field;
};

struct page {
    const char *path; /* "/posts/{id}/" */
    enum page_user user;
    size_t size; /* of its struct */
    const struct page_path_field *path_fields;
    size_t path_field_count;
    const struct page_query *queries;
    size_t query_count;
    const struct page_ask *asks;
    size_t ask_count;
    const struct page_form *forms;
    size_t form_count;
    void (*render)(struct render *render, const void *variables); /* NULL: it is only posted to */
};

/* All pages; of two paths that match, the one with the fixed segment first. */
extern const struct page pages[];
extern const size_t page_count;
/* The page that says what went wrong. */
extern const struct page problem_page;

/* What may be shown once after success: `text` is the message's id in the catalogues. */
struct page_notice {
    const char *code;
    const char *text;
};
extern const struct page_notice page_notices[];
extern const size_t page_notice_count;
