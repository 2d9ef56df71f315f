"""Postroom's own contracts, for those who look at what is made from them."""

from __future__ import annotations

import re

import pytest

from contracts.project import Project
from support.machine import ROOT


def listed(kind: str) -> list[str]:
    text = (ROOT / "contracts/meson.build").read_text(encoding="utf-8")
    match = re.search(rf"^{kind} = \[(.*?)\]", text, re.DOTALL | re.MULTILINE)
    assert match is not None
    return re.findall(r"'([^']+)'", match.group(1))


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("documents"))
    made.root = ROOT
    made.lists = {kind: listed(kind) for kind in ("commands", "queries", "events")}
    made.generate("--release", "1.2.3")
    return made
