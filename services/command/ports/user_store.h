/*
 * Users, for writing. Works inside the transaction of the message at work; adapter:
 * adapters/postgres_user_store.h; tests: tests/fakes/fake_user_store.h. E-mail addresses are kept
 * as typed and compared in lower case. Every function may fail with ERR_UNAVAILABLE (passing
 * trouble) or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct user_store;

/* A user as the rules see one. */
struct account {
    int64_t id;
    const char *email;
    const char *password_hash; /* as password_hasher made it */
    bool is_active;
    bool is_staff;
    bool is_superuser;
    const char *language; /* of e-mails, as Accept-Language has it; or NULL */
    int64_t last_login;   /* µs since 1970; 0: never */
    int64_t created_at;
};

struct user_store_ops {
    enum err (*insert)(struct user_store *self, struct ctx *ctx, struct account *account);
    enum err (*find)(struct user_store *self, struct ctx *ctx, int64_t id, struct account *ret);
    enum err (*lock)(struct user_store *self, struct ctx *ctx, int64_t id, struct account *ret);
    enum err (*lock_all)(struct user_store *self, struct ctx *ctx, const int64_t *ids, size_t count,
                         struct account *ret, size_t *ret_count);
    enum err (*update)(struct user_store *self, struct ctx *ctx, const struct account *account);
    enum err (*remove)(struct user_store *self, struct ctx *ctx, int64_t id);
    enum err (*find_by_email)(struct user_store *self, struct ctx *ctx, const char *email,
                              struct account *ret);
    enum err (*set_last_login)(struct user_store *self, struct ctx *ctx,
                               const struct account *account);
    enum err (*set_password)(struct user_store *self, struct ctx *ctx, int64_t id,
                             const char *password_hash);
    enum err (*set_language)(struct user_store *self, struct ctx *ctx, int64_t id,
                             const char *language);
    enum err (*list_staff)(struct user_store *self, struct ctx *ctx, int64_t after_id,
                           int64_t *ret_ids, size_t capacity, size_t *ret_count);
};

struct user_store { /* implementations embed this first */
    const struct user_store_ops *ops;
};

/* Store a new user; fills in id and created_at. ERR_USER_ALREADY_EXISTS when the address is taken,
 * by someone at the same moment too. */
MUST_CHECK static inline enum err user_store_insert(struct user_store *self, struct ctx *ctx,
                                                    struct account *account)
{
    return self->ops->insert(self, ctx, account);
}

/* The user of this id, active or not; texts are ctx. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err user_store_find(struct user_store *self, struct ctx *ctx,
                                                  int64_t id, struct account *ret)
{
    return self->ops->find(self, ctx, id, ret);
}

/* The same, locked against changes by others until the transaction ends. */
MUST_CHECK static inline enum err user_store_lock(struct user_store *self, struct ctx *ctx,
                                                  int64_t id, struct account *ret)
{
    return self->ops->lock(self, ctx, id, ret);
}

/* Several, in the order of their ids, as many as are there: `ret` has room for all. `ids` are in
 * their order, each once. */
MUST_CHECK static inline enum err user_store_lock_all(struct user_store *self, struct ctx *ctx,
                                                      const int64_t *ids, size_t count,
                                                      struct account *ret, size_t *ret_count)
{
    return self->ops->lock_all(self, ctx, ids, count, ret, ret_count);
}

/* Store the address and the flags of a user who has been locked. ERR_USER_ALREADY_EXISTS when the
 * address is another's; when it becomes another's at the same moment, ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err user_store_update(struct user_store *self, struct ctx *ctx,
                                                    const struct account *account)
{
    return self->ops->update(self, ctx, account);
}

/* Delete a user who has been locked, whose sessions have ended and whose posts are deleted.
 * ERR_NOT_FOUND. */
MUST_CHECK static inline enum err user_store_remove(struct user_store *self, struct ctx *ctx,
                                                    int64_t id)
{
    return self->ops->remove(self, ctx, id);
}

/* The user of this address in any case, active or not; texts are ctx. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err user_store_find_by_email(struct user_store *self, struct ctx *ctx,
                                                           const char *email, struct account *ret)
{
    return self->ops->find_by_email(self, ctx, email, ret);
}

/* The user has logged in now, being active and having this password. ERR_NOT_FOUND: that has
 * changed since the account was read, or the user is gone. */
MUST_CHECK static inline enum err
user_store_set_last_login(struct user_store *self, struct ctx *ctx, const struct account *account)
{
    return self->ops->set_last_login(self, ctx, account);
}

/* The user has another password from now on; session_store_end_all comes next. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err user_store_set_password(struct user_store *self, struct ctx *ctx,
                                                          int64_t id, const char *password_hash)
{
    return self->ops->set_password(self, ctx, id, password_hash);
}

/* The user's e-mails are in this language from now on. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err user_store_set_language(struct user_store *self, struct ctx *ctx,
                                                          int64_t id, const char *language)
{
    return self->ops->set_language(self, ctx, id, language);
}

/* The ids of active members of the staff, in their order: those after `after_id` (NOBODY: from the
 * first on), as far as there is room. */
MUST_CHECK static inline enum err user_store_list_staff(struct user_store *self, struct ctx *ctx,
                                                        int64_t after_id, int64_t *ret_ids,
                                                        size_t capacity, size_t *ret_count)
{
    return self->ops->list_staff(self, ctx, after_id, ret_ids, capacity, ret_count);
}
