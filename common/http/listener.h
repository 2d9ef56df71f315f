/* Listening sockets on addresses as settings have them: host:port, [host]:port. */
#pragma once

enum { LISTENER_ADDRESS_SIZE = 64 };

/* A listening socket, non-blocking, closed on exec; port 0: any that is free. -1: it cannot be had,
 * and `ret_reason` says why; static. */
int listener_open(const char *address, int backlog, const char **ret_reason);

/* What a listening socket listens on: `127.0.0.1:8000`, `[::1]:8000`; "" where that is unknown. */
void listener_address(int fd, char ret[LISTENER_ADDRESS_SIZE]);
