/* Listening. */

#include "services/gateway/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/core/settings.h"

enum { HANDED_OVER_FD = 3, BACKLOG = 4096, HOST_MAX = 255 };

static _Noreturn void refuse(const char *address, const char *reason)
{
    (void)fprintf(stderr, "gateway: HTTP_LISTEN: cannot listen on \"%s\": %s\n", address, reason);
    exit(EXIT_CONFIGURATION);
}

static bool is_handed_over(void)
{
    const char *pid = getenv("LISTEN_PID");
    const char *count = getenv("LISTEN_FDS");
    return pid != NULL && count != NULL && strtol(pid, NULL, 10) == (long)getpid() &&
           strtol(count, NULL, 10) >= 1;
}

static bool is_listening(int fd)
{
    int value = 0;
    socklen_t size = sizeof(value);
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

static int take_over(void)
{
    if (!is_listening(HANDED_OVER_FD)) {
        fputs("gateway: LISTEN_FDS: descriptor 3 is not a listening socket\n", stderr);
        exit(EXIT_CONFIGURATION);
    }
    (void)fcntl(HANDED_OVER_FD, F_SETFD, FD_CLOEXEC);
    (void)fcntl(HANDED_OVER_FD, F_SETFL, fcntl(HANDED_OVER_FD, F_GETFL) | O_NONBLOCK);
    return HANDED_OVER_FD;
}

/* Cut `host:port` in two; brackets around an IPv6 address go. */
static bool split(const char *address, char host[HOST_MAX + 1], const char **ret_port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || colon[1] == '\0' ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        strtol(colon + 1, NULL, 10) > 65535) {
        return false;
    }
    size_t size = (size_t)(colon - address);
    if (address[0] == '[' && colon[-1] == ']') {
        address++;
        size -= 2;
    }
    if (size > HOST_MAX) {
        return false;
    }
    memcpy(host, address, size);
    host[size] = '\0';
    *ret_port = colon + 1;
    return true;
}

/* A listening socket, or -1 with errno. */
static int open_on(const struct addrinfo *info)
{
    const int yes = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    info->ai_protocol);
    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

int listen_open(const char *address)
{
    char host[HOST_MAX + 1];
    const char *port;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    if (is_handed_over()) {
        return take_over();
    }
    if (!split(address, host, &port)) {
        refuse(address, "it is not host:port");
    }
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        refuse(address, gai_strerror(error));
    }
    int fd = open_on(found);
    int saved = errno;
    freeaddrinfo(found);
    if (fd < 0) {
        refuse(address, strerror(saved));
    }
    return fd;
}
