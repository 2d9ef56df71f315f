/* Who acts, from memory. */

#include "tests/fakes/fake_reading.h"

#include <string.h>

#include "tests/fakes/fake_text.h"

static bool is_meant(const struct fake_caller *caller, const struct envelope *envelope)
{
    if (!caller->is_active) {
        return false;
    }
    if (envelope->session != NULL) {
        return !caller->is_session_expired && strcmp(caller->session, envelope->session) == 0;
    }
    return envelope->has_user_id && caller->user_id == envelope->user_id;
}

static enum err fake_identify(struct reading *base, struct ctx *ctx,
                              const struct envelope *envelope)
{
    const struct fake_reading *reading = (const struct fake_reading *)base;
    TRY(reading->fails_with);
    ctx->user_id = NOBODY;
    ctx->is_staff = ctx->is_superuser = false;
    for (size_t i = 0; i < reading->count; i++) {
        const struct fake_caller *caller = &reading->callers[i];
        if (is_meant(caller, envelope)) {
            ctx->user_id = caller->user_id;
            ctx->is_staff = caller->is_staff;
            ctx->is_superuser = caller->is_superuser;
        }
    }
    return OK;
}

static enum err fake_ready(struct reading *base)
{
    return ((const struct fake_reading *)base)->fails_with;
}

static const char *fake_trouble(const struct reading *base)
{
    return ((const struct fake_reading *)base)->fails_with == OK ? "" : "told to fail";
}

static bool fake_has_timed_out(const struct reading *base)
{
    return ((const struct fake_reading *)base)->has_timed_out;
}

static const struct reading_ops fake_ops = {
    .identify = fake_identify,
    .ready = fake_ready,
    .trouble = fake_trouble,
    .has_timed_out = fake_has_timed_out,
};

void fake_reading_init(struct fake_reading *ret)
{
    *ret = (struct fake_reading){.base.ops = &fake_ops};
}

struct fake_caller *fake_reading_add(struct fake_reading *reading, int64_t user_id,
                                     const char *session)
{
    assert(reading->count < FAKE_CALLERS_MAX);
    struct fake_caller *caller = &reading->callers[reading->count++];
    *caller = (struct fake_caller){.user_id = user_id, .is_active = true};
    fake_text_copy(caller->session, sizeof(caller->session), session);
    return caller;
}
