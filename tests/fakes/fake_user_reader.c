/* Users to be read, in memory. */

#include "tests/fakes/fake_user_reader.h"

#include <inttypes.h>

#include "tests/fakes/fake_text.h"

static enum err fake_find(struct user_reader *base, struct ctx *ctx, int64_t id, struct user *ret)
{
    const struct fake_user_reader *reader = (const struct fake_user_reader *)base;
    TRY(reader->fails_with);
    for (size_t i = 0; i < reader->count; i++) {
        const struct fake_read_user *user = &reader->users[i];
        if (user->id == id && user->is_active) {
            *ret = (struct user){id, arena_strdup(ctx->arena, user->email), user->is_staff};
            return OK;
        }
    }
    return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
}

static const struct user_reader_ops fake_ops = {.find = fake_find};

void fake_user_reader_init(struct fake_user_reader *ret)
{
    *ret = (struct fake_user_reader){.base.ops = &fake_ops};
}

struct fake_read_user *fake_user_reader_add(struct fake_user_reader *reader, int64_t id,
                                            const char *email)
{
    assert(reader->count < FAKE_READ_USERS_MAX);
    struct fake_read_user *user = &reader->users[reader->count++];
    *user = (struct fake_read_user){.id = id, .is_active = true};
    fake_text_copy(user->email, sizeof(user->email), email);
    return user;
}
