/* Listening. */

#include "common/http/listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_MAX = 255, PORT_MAX = 65535 };

/* Cut `host:port` in two; brackets around an IPv6 address go. */
static bool split(const char *address, char host[HOST_MAX + 1], const char **ret_port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || colon[1] == '\0' ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        strtol(colon + 1, NULL, 10) > PORT_MAX) {
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

/* -1: with errno. */
static int open_on(const struct addrinfo *info, int backlog)
{
    const int yes = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    info->ai_protocol);
    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, backlog) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

int listener_open(const char *address, int backlog, const char **ret_reason)
{
    char host[HOST_MAX + 1];
    const char *port;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    if (!split(address, host, &port)) {
        *ret_reason = "it is not host:port";
        return -1;
    }
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        *ret_reason = gai_strerror(error);
        return -1;
    }
    int fd = open_on(found, backlog);
    *ret_reason = fd < 0 ? strerrordesc_np(errno) : "";
    freeaddrinfo(found);
    return fd;
}

void listener_address(int fd, char ret[LISTENER_ADDRESS_SIZE])
{
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof(storage);
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];
    ret[0] = '\0';
    if (getsockname(fd, (struct sockaddr *)&storage, &size) != 0 ||
        getnameinfo((struct sockaddr *)&storage, size, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return;
    }
    bool is_version_6 = storage.ss_family == AF_INET6;
    (void)snprintf(ret, LISTENER_ADDRESS_SIZE, is_version_6 ? "[%.*s]:%.5s" : "%.*s:%.5s",
                   LISTENER_ADDRESS_SIZE - 10, host, port);
}
