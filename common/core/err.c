/* The error table as data. */

#include "common/core/err.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const struct err_info infos[ERR_COUNT] = {
#define ERR_INFO(name, code, status, disposition, title)                                           \
    [ERR_##name] = {#name, code, status, ERR_##disposition, title},
    ERR_TABLE(ERR_INFO)
#undef ERR_INFO
};

const struct err_info *err_info(enum err err)
{
    assert(err > OK && err < ERR_COUNT);
    return &infos[err];
}

enum err err_from_code(const char *code)
{
    for (enum err err = OK + 1; err < ERR_COUNT; err++) {
        if (strcmp(infos[err].code, code) == 0) {
            return err;
        }
    }
    return OK;
}

bool err_may_come_again(enum err err)
{
    return err == ERR_INVALID_INPUT || err == ERR_TOO_MANY_ATTEMPTS || err == ERR_EXPIRED ||
           err == ERR_UNAVAILABLE;
}
