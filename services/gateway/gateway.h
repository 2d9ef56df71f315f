/*
 * What every request of this process shares: the routes and what the settings say. Made by main
 * before any thread and const afterwards; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/contract/contract.h"
#include "common/core/settings.h"
#include "common/http/origin.h"
#include "common/http/proxies.h"

enum { GATEWAY_CALLER_KEY_SIZE = 16 };

struct gateway {
    const struct http_binding
        *bindings; /* of two paths that match, the one with the fixed segment first */
    size_t binding_count;
    const struct contract *const *contracts; /* of all messages: those without HTTP, too */
    size_t contract_count;
    const struct http_binding *state_binding; /* shows the state of a command; NULL: none does */
    const struct contract *touch_contract;    /* notes that a session is in use; NULL: none does */
    int64_t reply_timeout_ms;
    int64_t command_lifetime_ms; /* deadline of commands, from now */
    const char *secret_key;
    unsigned char caller_key[GATEWAY_CALLER_KEY_SIZE]; /* for digests of callers */
    const char *cookie_name;                           /* of the session */
    const char *csrf_cookie_name;
    const char *notice_cookie_name;
    const char *language_cookie_name;
    bool is_cookie_secure;
    int64_t session_lifetime_s;
    bool has_public_origin;
    struct origin public_origin;
    bool are_proxies_readable; /* TRUSTED_PROXIES is what it should be */
    struct proxies proxies;    /* that are trusted */
};

void gateway_init(struct gateway *ret, const struct settings *settings,
                  const struct http_binding *bindings, size_t binding_count);
