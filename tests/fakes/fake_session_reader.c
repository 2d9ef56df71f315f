/* Sessions to be read, in memory. */

#include "tests/fakes/fake_session_reader.h"

#include <string.h>

#include "tests/fakes/fake_text.h"

static bool is_current(const struct fake_read_session *session, const struct ctx *ctx)
{
    return ctx->session != NULL && strcmp(session->digest, ctx->session) == 0;
}

/* Into its place among those before it. */
static void insert(struct user_session *sessions, size_t count, const struct user_session *session)
{
    size_t place = count;
    while (place > 0 && sessions[place - 1].last_seen_at < session->last_seen_at) {
        sessions[place] = sessions[place - 1];
        place--;
    }
    sessions[place] = *session;
}

static enum err fake_list(struct session_reader *base, struct ctx *ctx, int64_t user_id,
                          struct session_list *ret)
{
    const struct fake_session_reader *reader = (const struct fake_session_reader *)base;
    TRY(reader->fails_with);
    ret->count = 0;
    ret->sessions = arena_alloc(ctx->arena, reader->count * sizeof(*ret->sessions));
    for (size_t i = 0; i < reader->count; i++) {
        const struct fake_read_session *each = &reader->sessions[i];
        const struct user_session session = {
            .id = each->id,
            .created_at = each->created_at,
            .last_seen_at = each->last_seen_at,
            .expires_at = each->expires_at,
            .client_address = each->client_address,
            .is_current = is_current(each, ctx),
        };
        if (each->user_id == user_id && !each->is_expired) {
            insert(ret->sessions, ret->count++, &session);
        }
    }
    return OK;
}

static const struct session_reader_ops fake_ops = {.list = fake_list};

void fake_session_reader_init(struct fake_session_reader *ret)
{
    *ret = (struct fake_session_reader){.base.ops = &fake_ops};
}

struct fake_read_session *fake_session_reader_add(struct fake_session_reader *reader,
                                                  int64_t user_id, const char *digest)
{
    assert(reader->count < FAKE_READ_SESSIONS_MAX);
    struct fake_read_session *session = &reader->sessions[reader->count++];
    *session = (struct fake_read_session){.id = (int64_t)reader->count, .user_id = user_id};
    fake_text_copy(session->digest, sizeof(session->digest), digest);
    return session;
}

struct fake_read_session *fake_session_reader_get(struct fake_session_reader *reader,
                                                  const char *digest)
{
    for (size_t i = 0; i < reader->count; i++) {
        if (strcmp(reader->sessions[i].digest, digest) == 0) {
            return &reader->sessions[i];
        }
    }
    return NULL;
}
