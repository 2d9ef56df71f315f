"""The API's documents are served as the build made them, and so are the pages that show them."""

from __future__ import annotations

import gzip
import re

import pytest
import requests

from support.machine import Machine
from support.stack import Stack

DOCUMENTS = {"/api/schema/": "openapi.json", "/api/asyncapi/": "asyncapi.json"}
PAGES = ["/api/schema/swagger-ui/", "/api/schema/redoc/"]


def get(stack: Stack, path: str, method: str = "GET", **headers: str) -> requests.Response:
    """As it came: nothing is unpacked."""
    with requests.Session() as session:
        session.trust_env = False
        names = {"Accept-Encoding": "identity"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        with session.request(
            method, stack.url + path, headers=names, timeout=60, stream=True
        ) as response:
            response.raw.decode_content = False
            response._content = response.raw.read()  # pylint: disable=protected-access
            return response


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_what_the_contracts_make(stack: Stack, machine: Machine, path: str) -> None:
    response = get(stack, path)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.content == (machine.build / "contracts" / DOCUMENTS[path]).read_bytes()


@pytest.mark.parametrize("path", [*DOCUMENTS, *PAGES])
def test_a_document_is_sent_again_only_when_it_has_changed(stack: Stack, path: str) -> None:
    tag = get(stack, path).headers["ETag"]

    again = get(stack, path, If_None_Match=tag)
    other = get(stack, path, If_None_Match='"another"')

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_packed_for_those_who_can_unpack_it(stack: Stack, path: str) -> None:
    packed = get(stack, path, Accept_Encoding="gzip")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content) == get(stack, path).content


@pytest.mark.parametrize("path", [*DOCUMENTS, *PAGES])
def test_a_document_cannot_be_changed(stack: Stack, path: str) -> None:
    response = get(stack, path, "POST")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_all_from_here_and_runs_no_script_within_it(stack: Stack, path: str) -> None:
    response = get(stack, path)
    links = re.findall(r'(?:src|href)="([^"]*)"', response.text)
    policy = response.headers["Content-Security-Policy"]

    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    assert len(links) > 3
    for link in links:
        assert link.startswith("/"), link
        assert get(stack, link).status_code == 200, link


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_needs_may_be_kept_for_a_year(stack: Stack, path: str) -> None:
    assets = re.findall(r'"(/assets/[^"]*)"', get(stack, path).text)

    assert len(assets) >= 3
    for asset in assets:
        headers = get(stack, asset).headers
        assert "immutable" in headers["Cache-Control"] and "31536000" in headers["Cache-Control"]
