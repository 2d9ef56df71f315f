"""Postroom beside its parts, in one run: prints a Markdown table of rates, medians and ratios.

Absolute figures belong to the machine of the moment; the ratios are what to compare. The parts are the HTTP
library answering at once, the broker echoing a message, and the database running the same statement.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from support.machine import Machine
from support.stack import SERVICES, Stack

HERE = Path(__file__).resolve().parent
MANY = 32
POSTS = 10000
RETRIEVE = """\\set id random(1, 10000)
SELECT p.id, p.title, p.content, p.status, p.created_at, p.updated_at, u.id, u.email
FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id = :id;
"""
INSERT = """INSERT INTO posts (title, content, status, author_id)
VALUES ('Hello', repeat('x', 1000), 'published', 1) RETURNING id;
"""
FILL = f"""
INSERT INTO users (email, password_hash) SELECT 'bench' || g || '@example.com', '-' FROM generate_series(1, 1000) g;
INSERT INTO posts (title, content, status, author_id)
SELECT 'Post ' || g, repeat('x', 1000), 'published', 1 + g % 1000 FROM generate_series(1, {POSTS}) g;
ANALYZE;
"""


@dataclass
class Rate:
    per_second: float
    median_us: float


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout


def wrk(url: str, connections: int, seconds: int, *options: str) -> Rate:
    out = run("wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", *options, url)
    assert "Non-2xx" not in out, out
    median, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", out).groups()  # type: ignore[union-attr]
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)  # type: ignore[union-attr]
    return Rate(float(rate), float(median) * {"us": 1, "ms": 1e3, "s": 1e6}[unit])


def pgbench(url: str, script: str, clients: int, seconds: int) -> Rate:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        path = next(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
        out = run(
            str(path), "-n", "-M", "prepared", f"-c{clients}", f"-T{seconds}", f"-f{file.name}", url
        )
    latency = re.search(r"latency average = ([\d.]+) ms", out).group(1)  # type: ignore[union-attr]
    rate = re.search(r"tps = ([\d.]+)", out).group(1)  # type: ignore[union-attr]
    return Rate(float(rate), float(latency) * 1000)


def broker(stack: Stack, what: str, outstanding: int, seconds: int) -> Rate:
    program = stack.machine.build / "tests/bench/broker_bench"
    out = run(str(program), what, str(outstanding), str(seconds), AMQP_URL=stack.virtual_host.url)
    rate, median = out.split()
    return Rate(float(rate), float(median))


def http_alone(build: Path, connections: int, seconds: int) -> Rate:
    program = subprocess.Popen(
        [build / "tests/bench/http_bench"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None and program.stdin is not None
    try:
        return wrk(f"http://127.0.0.1:{program.stdout.readline().strip()}/", connections, seconds)
    finally:
        program.stdin.close()
        program.wait()
        program.stdout.close()


def cpu_seconds(stack: Stack, *programs: str) -> float:
    ticks = 0
    for program in programs:
        for process in stack.of(program):
            fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1)) / 1024  # type: ignore[union-attr]


def together(*rates: Rate) -> float:
    """What parts that share the processors allow, one after the other."""
    return 1 / sum(1 / rate.per_second for rate in rates)


def sign_in(stack: Stack) -> str:
    visitor = stack.visitor().register()
    return next(cookie.value for cookie in visitor.session.cookies if cookie.name == "session")


@dataclass
class Parts:
    """Each part alone: many at once, and one at a time."""

    http: Rate
    http_one: Rate
    echo: Rate
    echo_one: Rate
    select: Rate
    select_one: Rate
    confirm: Rate
    commit: Rate


def measure_parts(stack: Stack, seconds: int) -> Parts:
    """Nothing of ours runs but the bus that speaks to the broker."""
    build, url = stack.machine.build, stack.database.url
    stack.database.run(FILL)
    return Parts(
        http=http_alone(build, MANY, seconds),
        http_one=http_alone(build, 1, seconds),
        echo=broker(stack, "echo", MANY, seconds),
        echo_one=broker(stack, "echo", 1, seconds),
        select=pgbench(url, RETRIEVE, 2, seconds),
        select_one=pgbench(url, RETRIEVE, 1, seconds),
        confirm=broker(stack, "confirm", MANY, seconds),
        commit=pgbench(url, INSERT, 2, seconds),
    )


def measure(stack: Stack, parts: Parts, seconds: int) -> list[tuple[str, str, str, str]]:
    stack.database.run(FILL)
    stack.start_all()
    rest = {name: memory_mb(stack.of(name)[0].pid) for name in SERVICES}
    one = wrk(f"{stack.url}/api/posts/77", 1, seconds)
    before = cpu_seconds(stack, "gateway", "query-service")
    read = wrk(f"{stack.url}/api/posts/77", MANY, seconds)
    used = cpu_seconds(stack, "gateway", "query-service") - before
    page = wrk(f"{stack.url}/api/posts", MANY, seconds)
    script = ("-s", str(HERE / "create.lua"), "-H", f"Authorization: Bearer {sign_in(stack)}")
    create = wrk(f"{stack.url}/api/posts", MANY, seconds, *script)

    read_parts = together(parts.http, parts.echo, parts.select)
    create_parts = together(parts.confirm, parts.commit)
    one_parts = parts.http_one.median_us + parts.echo_one.median_us + parts.select_one.median_us
    rows = [
        compare(f"read a post, {MANY} connections", read.per_second, read_parts, "/s"),
        compare("read a post, one connection (median)", one.median_us, one_parts, "µs"),
        compare(f"create a post, {MANY} connections", create.per_second, create_parts, "/s"),
        (f"list 20 posts, {MANY} connections", f"{page.per_second:,.0f} /s", "", ""),
        ("our own CPU for a read", f"{used * 1e6 / (read.per_second * seconds):,.0f} µs", "", ""),
    ]
    return rows + [(f"memory of `{name}` at rest", f"{size:.1f} MB", "", "") for name, size in rest.items()]


def compare(what: str, ours: float, parts: float, unit: str) -> tuple[str, str, str, str]:
    return what, f"{ours:,.0f} {unit}", f"{parts:,.0f} {unit}", f"{ours / parts:.2f}"


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    machine = Machine.from_environment()
    with tempfile.TemporaryDirectory() as folder:
        alone, whole = Stack(machine, Path(folder, "parts")), Stack(machine, Path(folder, "whole"))
        whole.settings["LOG_LEVEL"] = "warning"
        try:
            parts = measure_parts(alone.prepare(), seconds)
        finally:
            alone.close()
        try:
            rows = measure(whole.prepare(), parts, seconds)
        finally:
            whole.close()
    print("| what | Postroom | its parts | ratio |\n|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
