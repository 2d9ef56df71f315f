"""Clients that are slow, or go away in mid-sentence: nobody else may notice."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from faults.registry import Fault, Scene

PADDING = "x" * 60_000


def _connect(scene: Scene, receive_buffer: int | None = None) -> socket.socket:
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(5)
    connection.connect(scene.world.stack.listener.getsockname())
    return connection


def _crawl(scene: Scene, sockets: list[socket.socket], step: Callable[[socket.socket, int], None]) -> None:
    """A little of each, again and again, until the time is over; then they just go away."""
    until = time.monotonic() + scene["seconds"]
    turn = 0
    while time.monotonic() < until:
        for connection in sockets:
            try:
                step(connection, turn)
            except OSError:
                continue  # the gateway has had enough of it, as it may
        turn += 1
        time.sleep(0.2)
    for connection in sockets:
        connection.close()


def _write_slowly(scene: Scene) -> None:
    """Half of them crawl through the head, half through the body."""
    head = b"POST /api/posts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    sockets = [_connect(scene) for _ in range(scene["count"])]
    for connection in sockets[::2]:
        connection.sendall(head + b"Content-Length: 100000\r\n\r\n")

    def step(connection: socket.socket, turn: int) -> None:
        is_head = sockets.index(connection) % 2
        connection.send(head[turn : turn + 1] if is_head else b"x")

    _crawl(scene, sockets, step)


def _read_slowly(scene: Scene) -> None:
    """Large answers, ten of them asked for on each connection, read byte by byte."""
    author = scene.load.people[0]
    visitor = scene.world.stack.visitor()
    visitor.session.headers["Authorization"] = f"Bearer {author.token}"
    marker = f"large {scene.random.getrandbits(64):x}"
    post = visitor.post("/api/posts", {"title": marker, "content": PADDING, "status": "published"})
    request = f"GET /api/posts/{post.json()['id']} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 10
    sockets = [_connect(scene, receive_buffer=4096) for _ in range(scene["count"])]
    for connection in sockets:
        connection.sendall(request)
    _crawl(scene, sockets, lambda connection, turn: _read(connection))


def _read(connection: socket.socket) -> None:
    connection.setblocking(False)
    connection.recv(1)


FAULTS = [
    Fault(
        name="slow writers",
        about="HTTP clients that send a byte every 200 ms, of the head or of the body, and go away",
        inject=_write_slowly,
        fast={"count": 40, "seconds": 5},
        full={"count": 300, "seconds": 30},
        may_fail=False,
    ),
    Fault(
        name="slow readers",
        about="HTTP clients that ask for ten large posts each, read a byte every 200 ms, and go away",
        inject=_read_slowly,
        fast={"count": 40, "seconds": 5},
        full={"count": 300, "seconds": 30},
        may_fail=False,
    ),
]
