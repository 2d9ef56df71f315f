/* Listening. */

#include "services/gateway/listen.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/core/settings.h"
#include "common/http/listener.h"

enum { HANDED_OVER_FD = 3, BACKLOG = 4096 };

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

int listen_open(const char *address)
{
    const char *reason;
    if (is_handed_over()) {
        return take_over();
    }
    int fd = listener_open(address, BACKLOG, &reason);
    if (fd < 0) {
        refuse(address, reason);
    }
    return fd;
}
