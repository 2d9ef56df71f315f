"""Clears up when this process ends, however it ends, a kill -9 included."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import database

# End of file on its standard input is the end of this process.
WAIT = "cat >/dev/null; "
REMOVE = 'for second in 1 2 3 4 5; do rm -rf "$1" && exit; sleep 1; done'


class Cleaner:
    """Runs a shell script, $1… being `arguments`, at `close` or at this process's end."""

    def __init__(self, script: str, *arguments: str | Path, prefix: Sequence[str] = ()) -> None:
        self._child = subprocess.Popen(
            [*prefix, "/bin/sh", "-c", WAIT + script, "sh", *map(str, arguments)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C must not reach it
        )

    def close(self) -> None:
        """Clear up now; returns when that is done."""
        self._child.stdin.close()
        self._child.wait(60)


@contextmanager
def server_folder() -> Iterator[Path]:
    """A new folder that the database's user can reach, too; removed at the end."""
    folder = _make_folder()
    cleaner = Cleaner(REMOVE, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        cleaner.close()


def _make_folder() -> Path:
    for home in (None, "/var/tmp"):
        folder = Path(tempfile.mkdtemp(prefix="postroom-faults-", dir=home))
        folder.chmod(0o711)
        if database.is_reachable(folder):
            return folder
        folder.rmdir()
    raise AssertionError("the database's user can reach neither TMPDIR nor /var/tmp")
