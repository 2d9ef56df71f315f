"""What every page is: its headers, its language, its address; and the pages of errors."""

from __future__ import annotations

import pytest

from support.http_client import Visitor, raw_request, send_raw
from support.page_client import Person
from support.stack import Stack

LASTING = "public, max-age=31536000, immutable"


@pytest.fixture(name="person")
def _person(stack: Stack) -> Person:
    """Nobody yet."""
    return Person(stack.url)


@pytest.mark.parametrize("path", ["/", "/login/", "/nothing/", "/posts/99999999/"])
def test_pages_come_with_the_headers_for_safety(person: Person, path: str) -> None:
    headers = person.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Strict-Transport-Security" not in headers  # this one speaks HTTP
    assert headers["X-Request-ID"]


def test_the_api_comes_with_them_too(visitor: Visitor) -> None:
    headers = visitor.get("/api/posts").headers

    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    for name in ("X-Frame-Options", "Referrer-Policy", "Permissions-Policy"):
        assert headers[name]


@pytest.mark.parametrize(
    "path", ["/nothing/", "/posts/0/", "/posts/01/", "/posts/x/", "/posts/9007199254740992/",
             "/posts/-1/", "/posts/1/nothing/", "/posts//", "//", "/%2e%2e/", "/posts/%00/",
             "/posts/1%2Fedit/", "/assets/style.css", "/assets/../login/"],
)  # fmt: skip
def test_a_path_without_a_page_is_not_found(person: Person, path: str) -> None:
    received = send_raw(person.url, raw_request(person.url, f"GET {path}", {"Accept": "text/html"}))

    assert received.status == 404
    assert b"<h1>Not found</h1>" in received.body


def test_the_page_of_errors_knows_who_visits(person: Person) -> None:
    person.register()

    page = person.get("/nothing/")

    assert page.status == 404
    assert page.text_of("user") == person.email


@pytest.mark.parametrize("accept", [None, "*/*", "application/json"])
def test_programs_are_told_of_unknown_paths_as_by_the_api(
    visitor: Visitor, accept: str | None
) -> None:
    response = visitor.session.get(
        visitor.url + "/nothing", headers={"Accept": accept}, timeout=60
    )

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_the_api_answers_as_the_api_whatever_is_accepted(person: Person) -> None:
    page = person.get("/api/nothing")

    assert page.status == 404
    assert page.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/login", "/login/"),
        ("/posts/my", "/posts/my/"),
        ("/posts/7?a=b&c", "/posts/7/?a=b&c"),
        ("/login?next=//evil.example/", "/login/?next=//evil.example/"),
    ],
)
def test_a_missing_slash_is_added(person: Person, path: str, expected: str) -> None:
    page = person.get(path)

    assert (page.status, page.location) == (301, expected)


@pytest.mark.parametrize("path", ["/posts/7/delete", "/logout", "/nothing", "//evil.example"])
def test_a_slash_is_added_only_where_there_is_a_page(person: Person, path: str) -> None:
    received = send_raw(person.url, raw_request(person.url, f"GET {path}", {"Accept": "text/html"}))

    assert received.status == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
        ("PUT", "/login/", "GET, HEAD, POST"),
        ("GET", "/posts/7/delete/", "POST"),
    ],
)
def test_other_methods_are_refused(person: Person, method: str, path: str, allow: str) -> None:
    page = person.request(method, path)

    assert page.status == 405
    assert page.headers["Allow"] == allow
    assert page.heading


def test_head_is_get_without_the_body(person: Person) -> None:
    page = person.request("HEAD", "/")

    assert page.status == 200
    assert page.html == ""
    assert int(page.headers["Content-Length"]) > 1000


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b"csrf=x", 415),
        ("application/x-www-form-urlencoded", b"csrf=%zz", 400),
        ("application/x-www-form-urlencoded", b"&=&=%00&" * 100, 403),
        ("application/x-www-form-urlencoded", b"a=b&" * 5000, 400),
        ("application/x-www-form-urlencoded", b"a" * (3 * 1024 * 1024), 413),
    ],
    ids=lambda value: str(value)[:30],
)
def test_foul_forms_are_refused(
    person: Person, content_type: str, body: bytes, status: int
) -> None:
    page = person.post("/login/", body, headers={"Content-Type": content_type})

    assert page.status == status
    assert page.heading


def test_assets_are_kept_for_a_year(person: Person) -> None:
    front = person.get("/")
    path = front.html.split('rel="stylesheet" href="')[1].split('"')[0]

    for encoding, expected in (("gzip", "gzip"), ("gzip;q=0", None), ("identity", None)):
        page = person.get(path, headers={"Accept-Encoding": encoding})
        assert page.status == 200
        assert page.headers["Cache-Control"] == LASTING
        assert page.headers["Content-Type"] == "text/css; charset=utf-8"
        assert page.headers.get("Content-Encoding") == expected
        assert "color-scheme" in page.html
        assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_an_asset_that_is_known_is_not_sent_again(person: Person) -> None:
    path = person.get("/").html.split('rel="icon" type="image/svg+xml" href="')[1].split('"')[0]
    known = person.get(path).headers["ETag"]

    page = person.get(path, headers={"If-None-Match": known})

    assert (page.status, page.html) == (304, "")


def test_an_asset_that_is_packed_is_another_one_to_caches(person: Person) -> None:
    path = person.get("/").html.split('rel="stylesheet" href="')[1].split('"')[0]
    packed = person.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    plain = person.get(path, headers={"Accept-Encoding": "identity"}).headers["ETag"]

    page = person.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed})

    assert packed != plain
    assert page.status == 304
    assert page.headers["ETag"] == packed


def test_an_asset_can_only_be_read(person: Person) -> None:
    path = person.get("/").html.split('rel="stylesheet" href="')[1].split('"')[0]

    assert person.post(path, {}).status == 405


@pytest.mark.parametrize(
    ("accepted", "expected"), [("de", "de"), ("fr-CH, en;q=0.5", "fr"), ("es", "en"), (None, "en")]
)
def test_a_page_is_in_the_language_of_the_browser(
    person: Person, accepted: str | None, expected: str
) -> None:
    page = person.get("/", headers={"Accept-Language": accepted})

    assert page.language == expected
    assert page.headers["Content-Language"] == expected


def test_a_language_can_be_chosen_and_leads_back(person: Person) -> None:
    page = person.get("/login/?next=/posts/my/")

    answer = person.send(page, "/language/", language="fr")

    assert (answer.status, answer.location) == (302, "/login/?next=/posts/my/")
    assert person.get("/", headers={"Accept-Language": "de"}).language == "fr"


@pytest.mark.parametrize("language", ["xx", "", "\r\nSet-Cookie: a=b"], ids=repr)
def test_no_other_language_can_be_chosen(person: Person, language: str) -> None:
    answer = person.send(person.get("/"), "/language/", language=language)

    assert answer.status == 400
    assert "Set-Cookie" not in answer.headers


def test_a_notice_is_none_of_others(person: Person) -> None:
    person.session.cookies.set("notice", "<b>pay here</b>")

    page = person.get("/")

    assert "pay here" not in page.html
    assert "notice=;" in page.headers["Set-Cookie"]
