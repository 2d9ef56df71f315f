"""What is left of Postroom at three times what it can do, and how soon it is itself again: prints a Markdown table.

The load is open: requests come at their rate, whatever becomes of the earlier ones, from several callers. They write
posts, one worker does the work, and the database takes its time for each, so that the capacity is small and the same
on any machine, however busy. Goodput counts answers in time, and no others.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from support.http_client import new_post
from support.machine import Machine
from support.stack import Stack

CALLERS = 6
SLOW = """CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$;
CREATE TRIGGER take_time BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION take_time();
"""
AT_A_TIME = 8
TIMES = 3
PATIENCE_S = 30  # in which it has to be itself again
NORMAL = 2.0  # times the usual median is still usual: a machine has moods
DONE = 201
REFUSED = 503


@dataclass
class Answer:
    """When it was asked for, how long it took, and what it was."""

    asked: float
    seconds: float
    status: int

    @property
    def come(self) -> float:
        return self.asked + self.seconds


class Client:
    """Connections that are kept alive, as many as it takes."""

    def __init__(self, url: str, tokens: list[str]) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._tokens = tokens
        self._body = json.dumps(new_post()).encode()
        self._count = 0

    async def ask(self) -> Answer:
        """Write a post, as one caller of several."""
        self._count += 1
        token = self._tokens[self._count % len(self._tokens)]
        asked = time.monotonic()
        status = await self._exchange(token)
        return Answer(asked, time.monotonic() - asked, status)

    async def _exchange(self, token: str) -> int:
        connection = self._idle.pop() if self._idle else None
        reader, writer = connection or await asyncio.open_connection(self._host, self._port)
        head = (
            f"POST /api/posts HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self._body)}\r\n\r\n"
        )
        writer.write(head.encode() + self._body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        sizes = [line.split(":")[1] for line in answer if line.lower().startswith("content-length:")]
        await reader.readexactly(int(sizes[0]) if sizes else 0)
        self._idle.append((reader, writer))
        return int(answer[0].split(" ")[1])

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


async def saturate(client: Client, seconds: float) -> float:
    """A few who ask again as soon as they are answered: how many that makes a second."""
    begun = time.monotonic()
    done = 0

    async def go_on() -> None:
        nonlocal done
        while time.monotonic() < begun + seconds:
            answer = await client.ask()
            assert answer.status == DONE, answer
            done += 1

    await asyncio.gather(*(go_on() for _ in range(AT_A_TIME)))
    return done / (time.monotonic() - begun)


async def begin_at(
    client: Client, per_second: float, seconds: float
) -> list[asyncio.Task[Answer]]:
    """Ask at that rate, and wait for no answer."""
    begun = time.monotonic()
    asked = []
    for number in range(int(per_second * seconds)):
        pause = begun + number / per_second - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        asked.append(asyncio.create_task(client.ask()))
    return asked


async def ask_at(client: Client, per_second: float, seconds: float) -> list[Answer]:
    """Ask at that rate, and wait for the answers when all is asked."""
    return list(await asyncio.gather(*await begin_at(client, per_second, seconds)))


def median(answers: list[Answer]) -> float:
    return statistics.median(answer.seconds for answer in answers if answer.status == DONE)


def worst(answers: list[Answer], share: float) -> float:
    """The time that all but this share of them stay below."""
    ordered = sorted(answer.seconds for answer in answers)
    return ordered[int(len(ordered) * (1 - share))] if ordered else 0.0


async def recover(client: Client, per_second: float, usual: float) -> float:
    """Seconds of half the load until a second of it is as usual."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_S:
        answers = await ask_at(client, per_second, 1)
        statuses = {answer.status for answer in answers}
        if statuses == {DONE} and median(answers) <= NORMAL * usual:
            return answers[0].asked - begun
    return PATIENCE_S


async def measure(url: str, tokens: list[str], seconds: float) -> bool:
    """Print the table; was it good enough?"""
    client = Client(url, tokens)
    with contextlib.closing(client):
        peak = await saturate(client, seconds)
        usual = median(await ask_at(client, peak / 2, seconds))
        begun = time.monotonic()
        asked = await begin_at(client, TIMES * peak, 2 * seconds)
        recovery = await recover(client, peak / 2, usual)
        answers = list(await asyncio.gather(*asked))
    done = [answer for answer in answers if answer.status == DONE]
    refused = [answer for answer in answers if answer.status == REFUSED]
    in_time = [answer for answer in done if answer.come < begun + 2 * seconds]
    goodput = len(in_time) / (2 * seconds)
    others = len(answers) - len(done) - len(refused)
    print(f"""| overload | |
|---|---|
| peak | {peak:,.1f} /s |
| usual median, at half of it | {usual * 1000:,.0f} ms |
| asked | {TIMES * peak:,.0f} /s for {2 * seconds:.0f} s |
| goodput | {goodput:,.1f} /s |
| goodput over peak | {goodput / peak:.2f} |
| refused / neither | {len(refused)} / {others} |
| refusals: median, 99 % below | {statistics.median([r.seconds for r in refused] or [0]) * 1000:.1f} ms, \
{worst(refused, 0.01) * 1000:.0f} ms |
| slowest that was done | {max((answer.seconds for answer in done), default=0):.2f} s |
| as usual again after | {recovery:.1f} s |""")
    return goodput >= 0.8 * peak and recovery < PATIENCE_S


def main() -> int:
    """0 if goodput stays at four fifths of the peak and the usual latency comes back."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Machine.from_environment(), Path(folder))
        stack.settings |= {"LOG_LEVEL": "warning", "WORKERS": "1"}
        try:
            stack.prepare().start_all()
            stack.database.run(SLOW)
            tokens = [stack.visitor().register().token for _ in range(CALLERS)]
            is_good = asyncio.run(measure(stack.url, tokens, seconds))
        finally:
            stack.close()
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
