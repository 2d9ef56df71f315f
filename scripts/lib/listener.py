"""The HTTP socket. The supervisor keeps it, so that restarting the gateway never closes it."""

from __future__ import annotations

import os
import socket

import processes

# systemd's convention (sd_listen_fds(3)): the first socket handed over is descriptor 3.
DESCRIPTOR = 3
DEFAULT_PORT = 8000
USAGE = 78


def reserve_descriptor() -> None:
    """Occupy descriptor 3 before anything else can get it."""
    null = os.open(os.devnull, os.O_RDONLY)
    if null != DESCRIPTOR:
        os.dup2(null, DESCRIPTOR, inheritable=False)
        os.close(null)


def open_listener(setting: str | None) -> str:
    """Listen on HTTP_LISTEN, or else on the first free port from 8000; returns host:port."""
    if setting:
        return _listen(*_parse(setting))
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 1000):
        try:
            return _listen("127.0.0.1", port)
        except processes.Failed:
            continue
    raise processes.Failed("postroom: no free port from 8000 on: set HTTP_LISTEN")


def url(address: str) -> str:
    """Where a client on this machine reaches that address."""
    for wildcard, loopback in (("0.0.0.0:", "127.0.0.1:"), ("[::]:", "[::1]:")):
        if address.startswith(wildcard):
            return "http://" + loopback + address[len(wildcard) :]
    return f"http://{address}"


def _parse(setting: str) -> tuple[str, int]:
    host, colon, port = setting.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        text = f"postroom: HTTP_LISTEN: '{setting}' is not <host>:<port>"
        raise processes.Failed(text, status=USAGE)
    return host.removeprefix("[").removesuffix("]"), int(port)


def _listen(host: str, port: int) -> str:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(4096)
            os.dup2(listener.fileno(), DESCRIPTOR, inheritable=False)
            bound_host, bound_port = listener.getsockname()[:2]
    except OSError as error:
        raise processes.Failed(f"postroom: cannot listen on {host}:{port}: {error.strerror}") from error
    return f"[{bound_host}]:{bound_port}" if ":" in bound_host else f"{bound_host}:{bound_port}"
