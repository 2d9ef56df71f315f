/* The files of migrations. */

#include "common/postgres/migrations.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/digest.h"

enum { VERSION_DIGITS = 4, FILE_SIZE_MAX = 1024 * 1024 };

static bool ends_with_sql(const char *name)
{
    size_t size = strlen(name);
    return size > 4 && strcmp(name + size - 4, ".sql") == 0;
}

static int is_sql_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_with_sql(entry->d_name);
}

/* "0012_name.sql" is 12; -1: no such name. */
static int64_t version_of(const char *name)
{
    if (strspn(name, "0123456789") != VERSION_DIGITS || name[VERSION_DIGITS] != '_') {
        return -1;
    }
    const char *title = name + VERSION_DIGITS + 1;
    size_t title_size = strspn(title, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (title_size == 0 || strcmp(title + title_size, ".sql") != 0) {
        return -1;
    }
    return strtol(name, NULL, 10);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static enum err read_text(const char *path, struct arena *arena, const char **ret, size_t *ret_size,
                          const char **ret_reason)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        *ret_reason = arena_printf(arena, "%s cannot be read: %s", path, strerror(errno));
        return ERR_INVALID_INPUT;
    }
    if (status.st_size > FILE_SIZE_MAX) {
        *ret_reason = arena_printf(arena, "%s is larger than 1 MiB", path);
        return ERR_INVALID_INPUT;
    }
    char *text = arena_alloc(arena, (size_t)status.st_size + 1);
    if (read(fd, text, (size_t)status.st_size) != status.st_size) {
        *ret_reason = arena_printf(arena, "%s cannot be read", path);
        return ERR_INVALID_INPUT;
    }
    if (strlen(text) != (size_t)status.st_size) {
        *ret_reason = arena_printf(arena, "%s holds a NUL byte", path);
        return ERR_INVALID_INPUT;
    }
    *ret = text;
    *ret_size = (size_t)status.st_size;
    return OK;
}

static enum err read_migration(const char *directory, const char *name, int64_t version,
                               struct arena *arena, struct migration *ret, const char **ret_reason)
{
    if (version_of(name) < 0) {
        *ret_reason =
            arena_printf(arena, "%s/%s: a migration is named NNNN_name.sql", directory, name);
        return ERR_INVALID_INPUT;
    }
    if (version_of(name) != version) {
        *ret_reason = arena_printf(arena,
                                   "%s/%s: number %04d was expected here; migrations are numbered "
                                   "from 0001 without gaps or repeats",
                                   directory, name, (int)version);
        return ERR_INVALID_INPUT;
    }
    size_t size = 0;
    TRY(read_text(arena_printf(arena, "%s/%s", directory, name), arena, &ret->sql, &size,
                  ret_reason));
    ret->version = version;
    ret->name = arena_strdup(arena, name);
    digest_hex(ret->sql, size, ret->checksum);
    return OK;
}

static void free_entries(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free((void *)entries);
}

enum err migrations_read(const char *directory, struct arena *arena, struct migration_list *ret,
                         const char **ret_reason)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_sql_file, alphasort);
    if (count <= 0) {
        *ret_reason = arena_printf(arena, "%s: no migrations there%s%s", directory,
                                   count < 0 ? ": " : "", count < 0 ? strerror(errno) : "");
        free((void *)entries);
        return ERR_INVALID_INPUT;
    }
    struct migration_list list = {
        .items = arena_alloc(arena, (size_t)count * sizeof(*list.items)),
        .count = (size_t)count,
    };
    enum err err = OK;
    for (int i = 0; i < count && err == OK; i++) {
        err =
            read_migration(directory, entries[i]->d_name, i + 1, arena, &list.items[i], ret_reason);
    }
    free_entries(entries, count);
    TRY(err);
    *ret = list;
    return OK;
}
