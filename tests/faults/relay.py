#!/usr/bin/python3
"""The process behind proxy.py: relay.py <host:port>… takes TCP connections and carries their bytes.

Writes its own port as the first line, then takes one command a line on standard input and answers
each with a line: a behaviour's name, `to <host:port>…`, or `status`. Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import sys
from collections import deque

LATENCY = 0.2  # seconds, give or take half of it
CONNECT_SECONDS = 1.0
BYTES_A_TURN = 64  # of one that carries byte by byte, before others have theirs
ENOUGH = 1 << 18  # bytes waiting in one direction: read no more
TO_SERVER, TO_CLIENT = 0, 1
RESET = struct.pack("ii", 1, 0)
BEHAVIOURS = {"pass", "black_hole", "reset", "half_open", "latency", "trickle"}


class End(asyncio.Protocol):
    """One of the two sockets of a link; what it receives goes `direction`."""

    def __init__(self, link: Link, direction: int) -> None:
        self.link = link
        self.direction = direction
        self.transport: asyncio.Transport | None = None
        self.is_writable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.link.has_connected(self)

    def data_received(self, data: bytes) -> None:
        self.link.carry(self.direction, data)

    def eof_received(self) -> bool:
        self.link.carry(self.direction, b"")
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self.link.has_lost(self, exc)

    def pause_writing(self) -> None:
        self.is_writable = False
        self.link.throttle(1 - self.direction)

    def resume_writing(self) -> None:
        self.is_writable = True
        self.link.throttle(1 - self.direction)

    def reset(self) -> None:
        """Close with RST."""
        if self.transport is not None:
            raw = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.transport.abort()

    def read(self, is_wanted: bool) -> None:
        """Go on reading, or wait."""
        if self.transport is None or self.transport.is_closing():
            return
        if is_wanted and not self.transport.is_reading():
            self.transport.resume_reading()
        elif not is_wanted and self.transport.is_reading():
            self.transport.pause_reading()


class Stream:
    """One direction of a link: bytes on their way, each part with the time it is due."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.size = 0
        self.last_due = 0.0
        self.timer: asyncio.Handle | None = None
        self.is_lost = False  # bytes are missing: nothing comes through any more
        self.has_ended = False

    def add(self, data: bytes, delay: float) -> None:
        """Behind what is waiting already."""
        self.last_due = max(self.last_due, self.loop.time() + delay)
        self.waiting.append((self.last_due, data))
        self.size += len(data)

    def lose(self) -> None:
        """From now on everything vanishes, the end of the stream too."""
        self.is_lost = True
        self.waiting.clear()
        self.size = 0


class Link:
    """A connection and its counterpart."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.client = End(self, TO_SERVER)
        self.server = End(self, TO_CLIENT)
        self.streams = (Stream(relay.loop), Stream(relay.loop))

    def has_connected(self, end: End) -> None:
        if end is self.server:
            self.flush(TO_SERVER)
            return
        self.relay.links.add(self)
        if self.relay.behaviour == "reset":
            self.reset()
        elif self.relay.behaviour == "black_hole":
            self.lose(TO_SERVER, TO_CLIENT)
        else:
            self.relay.spawn(self.connect())

    async def connect(self) -> None:
        """Take the first upstream that accepts."""
        for host, port in self.relay.next_upstreams():
            made = self.relay.loop.create_connection(lambda: self.server, host, port)
            try:
                await asyncio.wait_for(made, CONNECT_SECONDS)
            except (OSError, asyncio.TimeoutError):
                continue
            if self.client.transport is None:
                self.server.reset()
            return
        self.client.reset()

    def carry(self, direction: int, data: bytes) -> None:
        """Pass on what has come; b"" is the end of the stream."""
        stream = self.streams[direction]
        self.lose_by_behaviour()
        if stream.is_lost:
            self.swallow(direction, data)
            return
        is_late = self.relay.behaviour == "latency"
        delay = LATENCY * random.uniform(0.5, 1.5) if is_late else 0.0
        stream.add(data, delay)
        if stream.timer is None:
            self.flush(direction)

    def flush(self, direction: int) -> None:
        """Write what is due, as far as the other side takes it."""
        stream = self.streams[direction]
        stream.timer = None
        target = self.target(direction)
        while stream.waiting and target.transport is not None and target.is_writable:
            due, data = stream.waiting[0]
            if due > self.relay.loop.time():
                stream.timer = self.relay.loop.call_at(due, self.flush, direction)
                break
            stream.waiting.popleft()
            if self.relay.behaviour == "trickle" and len(data) > 1:
                self.trickle(stream, target.transport, data)
                stream.timer = self.relay.loop.call_soon(self.flush, direction)
                break
            stream.size -= len(data)
            if data:
                target.transport.write(data)
            else:
                target.transport.write_eof()
                self.end(stream)
        self.throttle(direction)

    def swallow(self, direction: int, data: bytes) -> None:
        """What comes after the gap; who hangs up in a black hole is let go."""
        if not data:
            self.end(self.streams[direction])
            if self.streams[1 - direction].is_lost:
                self.source(direction).reset()

    def end(self, stream: Stream) -> None:
        """A direction is over; after the second one nobody has anything to say."""
        stream.has_ended = True
        if all(each.has_ended for each in self.streams):
            for end in (self.client, self.server):
                if end.transport is not None:
                    end.transport.close()

    def source(self, direction: int) -> End:
        return self.client if direction == TO_SERVER else self.server

    def target(self, direction: int) -> End:
        return self.server if direction == TO_SERVER else self.client

    def trickle(self, stream: Stream, transport: asyncio.Transport, data: bytes) -> None:
        """Write some bytes, each by itself, and keep the rest for the next turn."""
        turn = data[:BYTES_A_TURN]
        for at in range(len(turn)):
            transport.write(turn[at : at + 1])
        stream.size -= len(turn)
        if len(data) > len(turn):
            stream.waiting.appendleft((0.0, data[len(turn) :]))

    def throttle(self, direction: int) -> None:
        """Read no faster than the other side takes it."""
        stream = self.streams[direction]
        is_wanted = self.target(direction).is_writable and stream.size < ENOUGH
        self.source(direction).read(is_wanted or stream.is_lost)

    def lose_by_behaviour(self) -> None:
        """Something is on its way that the present behaviour would not let through."""
        if self.relay.behaviour == "black_hole":
            self.lose(TO_SERVER, TO_CLIENT)
        elif self.relay.behaviour == "half_open":
            self.lose(TO_CLIENT)

    def lose(self, *directions: int) -> None:
        """From now on these are silent."""
        for direction in directions:
            self.streams[direction].lose()
            self.throttle(direction)

    def reset(self) -> None:
        self.client.reset()
        self.server.reset()

    def has_lost(self, end: End, exc: Exception | None) -> None:
        """One side has gone: tell the other, unless the news would have to cross a gap."""
        other = self.client if end is self.server else self.server
        self.lose_by_behaviour()
        if other.transport is None:
            self.relay.links.discard(self)
        elif self.streams[end.direction].is_lost:
            pass
        elif exc is not None:
            other.reset()
        else:
            other.transport.close()


class Relay:
    """The listening socket, where it leads, and how it behaves."""

    def __init__(self, upstreams: list[str]) -> None:
        self.loop = asyncio.get_running_loop()
        self.upstreams: list[tuple[str, int]] = []
        self.point_to(upstreams)
        self.behaviour = "pass"
        self.links: set[Link] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.turn = 0

    def point_to(self, upstreams: list[str]) -> None:
        parted = [upstream.rpartition(":") for upstream in upstreams]
        self.upstreams = [(host, int(port)) for host, _, port in parted]

    def next_upstreams(self) -> list[tuple[str, int]]:
        """All of them, each time beginning with another one."""
        self.turn += 1
        start = self.turn % len(self.upstreams)
        return self.upstreams[start:] + self.upstreams[:start]

    def spawn(self, work: asyncio.coroutines.Coroutine) -> None:
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def obey(self, words: list[str]) -> str:
        """Carry out a command; the answer to it."""
        if words[0] == "to":
            self.point_to(words[1:])
        elif words[0] in BEHAVIOURS:
            self.behaviour = words[0]
            if self.behaviour == "reset":
                for link in list(self.links):
                    link.reset()
        elif words[0] != "status":
            return f"unknown: {words[0]}"
        return f"{self.behaviour} {len(self.links)}"


async def serve(upstreams: list[str]) -> None:
    """Until standard input ends."""
    relay = Relay(upstreams)
    server = await relay.loop.create_server(lambda: Link(relay).client, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await relay.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(relay.obey(line.decode().split()), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1:]))
