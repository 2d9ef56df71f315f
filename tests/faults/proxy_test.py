"""The proxy behaves as it is told to, also towards connections that it has already."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from faults.proxy import Proxy
from support.waiting import wait_for

SHORT = 0.3


class Echo:
    """A server that sends back what it gets, and counts its connections."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.connections: list[socket.socket] = []
        self.received = b""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections.append(connection)
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := connection.recv(65536):
                self.received += data
                connection.sendall(data)
            connection.close()

    def hang_up(self) -> None:
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.listener.close()
        self.hang_up()


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    made = Proxy(echo.address)
    yield made
    made.close()


def _connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def _say(connection: socket.socket, text: bytes) -> bytes:
    connection.sendall(text)
    heard = b""
    while len(heard) < len(text):
        part = connection.recv(65536)
        assert part, "hung up"
        heard += part
    return heard


def _is_silent(connection: socket.socket) -> bool:
    """Neither bytes nor FIN nor RST."""
    connection.settimeout(SHORT)
    try:
        connection.recv(1)
        return False
    except socket.timeout:
        return True


def test_bytes_go_through_and_so_does_the_end(proxy: Proxy) -> None:
    text = bytes(range(256)) * 8000
    with _connect(proxy) as connection:
        threading.Thread(target=connection.sendall, args=(text,)).start()
        heard = b""
        while len(heard) < len(text):
            heard += connection.recv(65536)
        connection.shutdown(socket.SHUT_WR)

        assert heard == text
        assert connection.recv(1) == b""
    wait_for(lambda: proxy.links() == 0, "the link to go")


def test_a_black_hole_takes_everything_and_says_nothing(proxy: Proxy, echo: Echo) -> None:
    with _connect(proxy) as old:
        assert _say(old, b"before") == b"before"
        proxy.switch("black_hole")
        with _connect(proxy) as new:
            for connection in (old, new):
                connection.sendall(b"lost")
                assert _is_silent(connection)
            echo.hang_up()
            assert _is_silent(old)
            proxy.switch("pass")
            assert _is_silent(old) and _is_silent(new)
    assert echo.received == b"before"
    with _connect(proxy) as connection:
        assert _say(connection, b"after") == b"after"
    wait_for(lambda: proxy.links() == 0, "the links to go")


def test_a_connection_that_was_idle_in_a_black_hole_goes_on(proxy: Proxy) -> None:
    with _connect(proxy) as connection:
        assert _say(connection, b"before") == b"before"
        proxy.switch("black_hole")
        proxy.switch("pass")
        assert _say(connection, b"after") == b"after"


def test_every_connection_is_reset(proxy: Proxy) -> None:
    with _connect(proxy) as old:
        assert _say(old, b"before") == b"before"
        proxy.switch("reset")
        with pytest.raises(ConnectionResetError):
            old.recv(1)
    with pytest.raises(ConnectionResetError), _connect(proxy) as new:
        new.recv(1)
    proxy.switch("pass")
    with _connect(proxy) as connection:
        assert _say(connection, b"after") == b"after"


def test_half_open_means_that_no_answer_comes(proxy: Proxy, echo: Echo) -> None:
    with _connect(proxy) as connection:
        assert _say(connection, b"before") == b"before"
        proxy.switch("half_open")
        connection.sendall(b"heard")
        wait_for(lambda: echo.received == b"beforeheard", "the server to hear")
        assert _is_silent(connection)
        echo.hang_up()
        assert _is_silent(connection)


def test_latency_is_added_both_ways_and_keeps_the_order(proxy: Proxy) -> None:
    proxy.switch("latency")
    with _connect(proxy) as connection:
        start = time.monotonic()
        assert _say(connection, b"1") == b"1"
        assert time.monotonic() - start >= 0.2
        text = b""
        for number in range(50):
            connection.sendall(b"%d," % number)
            text += b"%d," % number
            proxy.links()  # so that they do not come as one
        heard = b""
        while len(heard) < len(text):
            heard += connection.recv(65536)
        assert heard == text


def test_a_trickle_carries_all_bytes(proxy: Proxy) -> None:
    text = bytes(range(256)) * 40
    proxy.switch("trickle")
    with _connect(proxy) as connection:
        assert _say(connection, text) == text
        assert _say(connection, b"x") == b"x"


def test_the_first_server_that_accepts_is_taken(echo: Echo) -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    gone = "127.0.0.1:%d" % closed.getsockname()[1]
    closed.close()
    proxy = Proxy(gone, echo.address)
    try:
        for _ in range(4):
            with _connect(proxy) as connection:
                assert _say(connection, b"x") == b"x"
        proxy.lead_to([gone])
        with pytest.raises(ConnectionResetError), _connect(proxy) as connection:
            connection.recv(1)
    finally:
        proxy.close()


def test_it_leads_a_url_through() -> None:
    proxy = Proxy("127.0.0.1:1")
    try:
        assert proxy.url("amqp://a:b@127.0.0.1:5672/x") == f"amqp://a:b@127.0.0.1:{proxy.port}/x"
    finally:
        proxy.close()
