"""Free ports, and whether somebody answers on one."""

from __future__ import annotations

import http.client
import random
import socket
import struct
import urllib.request


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on.

    Taken from below the range the kernel gives to outgoing connections, so that none of those
    gets in between; two clones that start at once draw different ones.
    """
    for _ in range(1000):
        port = random.SystemRandom().randrange(15000, 32000)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port on 127.0.0.1")


def takes_login(port: int, user: str, password: str) -> bool:
    """Does the broker on that port know us? (Another clone's would not.)

    The first two steps of AMQP 0-9-1's handshake: connection.start-ok with PLAIN is answered by
    connection.tune.
    """
    response = f"\0{user}\0{password}".encode()
    arguments = (
        struct.pack(">HHI", 10, 11, 0)
        + b"\x05PLAIN"
        + struct.pack(">I", len(response))
        + response
        + b"\x05en_US"
    )
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"AMQP\0\0\x09\x01")
            if _read_method(connection) != (10, 10):
                return False
            connection.sendall(struct.pack(">BHI", 1, 0, len(arguments)) + arguments + b"\xce")
            return _read_method(connection) == (10, 30)
    except OSError:
        return False


def _read_method(connection: socket.socket) -> tuple[int, int]:
    with connection.makefile("rb", buffering=0) as stream:
        data = b""
        size = 7
        while len(data) < size:
            part = stream.read(size - len(data))
            if not part:
                raise ConnectionError("the broker hung up")
            data += part
            if len(data) == 7:
                size = 8 + struct.unpack(">I", data[3:])[0]
    return struct.unpack(">HH", data[7:11])


def answers(url: str) -> bool:
    """Is a GET of that address answered with 200?"""
    try:
        # No proxy, whatever the environment says: this is our own machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=5) as response:
            return response.status == 200
    except (OSError, http.client.HTTPException):
        return False
