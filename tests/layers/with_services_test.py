"""What runs with throwaway services leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from support.machine import ROOT
from support.waiting import wait_for

# Leaves a temporary file and says where, and how others may use that place.
SCRIPT = 'file=$(mktemp) && stat -c "$file %a" "$TMPDIR" >"$SAID.new" && mv "$SAID.new" "$SAID"; '


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_temporary_files_go_with_it(is_interrupted: bool, tmp_path: Path) -> None:
    said = tmp_path / "said"
    script = SCRIPT + ("exec sleep 600" if is_interrupted else "exit 3")
    with subprocess.Popen(
        [ROOT / "scripts/with-services", "sh", "-c", script],
        env=os.environ | {"TMPDIR": str(tmp_path), "SAID": str(said)},
        start_new_session=True,
    ) as child:
        try:
            wait_for(said.exists, "the command to begin", seconds=120)
        finally:
            if is_interrupted or not said.exists():
                os.killpg(child.pid, signal.SIGINT)
        status = child.wait()

    file, mode = said.read_text(encoding="utf-8").split()
    folder = Path(file).parents[1]
    assert status == (128 + signal.SIGINT if is_interrupted else 3)
    assert mode == "1777"
    assert folder.name.startswith("postroom-test-")
    wait_for(lambda: not folder.exists(), "the folder to go")
