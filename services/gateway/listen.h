/* The listening socket: one a process, shared by all its loops, and by all gateways of a machine
 * when it was handed over. */
#pragma once

/*
 * The socket handed over by whoever started us (LISTEN_FDS, LISTEN_PID: sd_listen_fds(3)), or a new
 * one on `address` (host:port, [host]:port). Non-blocking. A wrong address or a socket that cannot
 * be had: one line on standard error and exit status 78.
 */
int listen_open(const char *address);
