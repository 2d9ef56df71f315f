/* A mailer that writes each mail into a folder. */

#include "services/command/adapters/file_mailer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/log.h"
#include "common/core/memory.h"
#include "common/core/uuid.h"
#include "services/command/adapters/mail_message.h"

struct file_mailer {
    struct mailer base;
    const char *from;
    char directory[];
};

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0) {
        close(*descriptor);
    }
}

static bool write_all(int descriptor, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, data, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        data += written;
        size -= (size_t)written;
    }
    return true;
}

/* A new file with these bytes, on the disk. */
static bool write_file(int folder, const char *name, const struct buffer *bytes)
{
    CLEANUP(close_descriptor)
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return file >= 0 && write_all(file, bytes->data, bytes->size) && fsync(file) == 0;
}

/* The file appears under its name, whole. */
static bool place_file(const struct file_mailer *mailer, struct ctx *ctx,
                       const struct buffer *bytes)
{
    CLEANUP(close_descriptor)
    int folder = open(mailer->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return false;
    }

    char unique[UUID_TEXT_SIZE];
    uuid_new(unique);
    const char *temporary = arena_printf(ctx->arena, ".%s.tmp", unique);
    const char *name = arena_printf(ctx->arena, "%s.eml", ctx->message_id);
    if (!write_file(folder, temporary, bytes) || renameat(folder, temporary, folder, name) != 0) {
        int reason = errno;
        unlinkat(folder, temporary, 0);
        errno = reason;
        return false;
    }
    return fsync(folder) == 0;
}

static enum err file_send(struct mailer *base, struct ctx *ctx, const struct mail *mail)
{
    struct file_mailer *self = (struct file_mailer *)base;
    struct buffer message;
    buffer_init(&message, ctx->arena);
    TRY(mail_message_write(ctx, mail, self->from, &message));

    if (!place_file(self, ctx, &message)) {
        log_event(LOG_WARNING, "mail_not_written", "message_id=%s directory=\"%s\" reason=\"%s\"",
                  ctx->message_id, self->directory, strerror(errno));
        return ctx_fail(ctx, ERR_UNAVAILABLE, "The e-mail could not be written");
    }
    return OK;
}

static const struct mailer_ops file_ops = {.send = file_send};

enum err file_mailer_open(const char *directory, const char *from, struct mailer **ret)
{
    size_t size = strlen(directory) + 1;
    struct file_mailer *mailer = memory_new(1, sizeof(*mailer) + size);
    mailer->base.ops = &file_ops;
    mailer->from = from;
    memcpy(mailer->directory, directory, size);
    (void)mkdir(directory,
                0777); /* what is wrong with it, if anything, is said when a mail is sent */
    *ret = &mailer->base;
    return OK;
}
