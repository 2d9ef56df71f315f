"""The browser's eyes: what is wrong with a page is seen, and nothing is seen where nothing is wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from support.browser import VARIANTS, Driver
from support.process import pids_with
from support.waiting import wait_for

GOOD = """<!DOCTYPE html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>A page</h1>{}</main></body></html>"""
POLICY = "default-src 'none'; img-src *; style-src 'self'"
PAGES = {
    "good": "<p>With some text.</p>",
    "unlabelled": "<form><input name='title'></form>",
    "pale": "<p class='pale'>Pale</p>",
    "pale_in_the_dark": "<p class='dark'>Pale where it is dark</p>",
    "wide": "<p class='wide'>Wide</p>",
    "elsewhere": "<img alt='' src='http://localhost:1/picture.png'>",
    "inline": "<p style='color: red'>Red</p>",
    "broken": "<img alt='' src='/missing.png'>",
}
STYLE = """.pale { color: #ddd; background: #fff } .wide { width: 3000px }
@media (prefers-color-scheme: dark) { .dark { color: #222; background: #000 } }"""


class Handler(BaseHTTPRequestHandler):
    """A site of pages with one fault each."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name == "style.css":
            self.answer("text/css", STYLE)
        elif name in PAGES:
            link = "<link rel='stylesheet' href='/style.css'></head>"
            self.answer("text/html", GOOD.format(PAGES[name]).replace("</head>", link))
        else:
            self.send_error(404)

    def answer(self, content_type: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def look(driver: Driver, site: str, page: str, variant: str) -> str | None:
    return driver.play(
        file="../harness/look.js", name="look", variant=VARIANTS[variant],
        settings={"url": site, "page": f"/{page}"},
    )  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_good_page_is_seen_to_be_good(driver: Driver, site: str, variant: str) -> None:
    assert look(driver, site, "good", variant) is None


@pytest.mark.parametrize("variant", ["desktop", "phone_no_script"])
@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("unlabelled", "axe: label"),
        ("pale", "axe: color-contrast"),
        ("pale_in_the_dark", "dark:\naxe: color-contrast"),
        ("wide", "is wider than the window"),
        ("elsewhere", "request to elsewhere: http://localhost:1/picture.png"),
        ("inline", "Content Security Policy"),
        ("broken", "404 for"),
        ("missing", "the status of /missing"),
    ],
)
def test_a_fault_is_seen(driver: Driver, site: str, page: str, reason: str, variant: str) -> None:
    failure = look(driver, site, page, variant)

    assert failure is not None
    assert reason in failure


def test_a_browser_that_hangs_is_ended_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    script = "echo stuck >&2; setsid tail -f /dev/null > /dev/null & exec tail -f /dev/null"
    driver = Driver(tmp_path / "log", "sh", "-c", script, patience_seconds=3)

    failure = driver.play(file="any.js")

    assert failure is not None and "says nothing" in failure and "stuck" in failure
    wait_for(lambda: not pids_with(driver.marker), "its processes to end")
    driver.close()


def test_a_browser_that_has_ended_is_followed_by_another(tmp_path: Path) -> None:
    script = f"[ -e {tmp_path}/again ] && echo '{{\"failure\": null}}'; touch {tmp_path}/again"
    driver = Driver(tmp_path / "log", "sh", "-c", f"read order; {script}")

    failures = [driver.play(file="any.js") for _ in range(2)]

    assert failures[0] is not None and "has ended" in failures[0]
    assert failures[1] is None
    driver.close()
