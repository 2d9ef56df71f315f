#!/usr/bin/python3
"""Run every suite of one build directory and count: suites.py <build directory> [word…].

C suites are counted check by check (libcheck's own line), others test by test. A skipped test is
not green, and nor is a sanitizer's report, whichever process wrote it. The last line says it all.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKS = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)", re.MULTILINE)

SANITIZERS = {
    "build-asan": {
        "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:check_initialization_order=1"
        ":detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    },
    "build-tsan": {"TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1"},
}
# How much longer than meson.build says a test may take.
PATIENCE = {"build": 2, "build-asan": 4, "build-tsan": 8, "build-coverage": 4}

# Suites of what builds, of what a browser shows, and of what makes its own build: there is nothing in
# them for an instrument to find.
PLAIN = (
    "tests/browser",
    "tests/command",
    "tests/common",
    "tests/contracts",
    "tests/e2e/adding",
    "tests/e2e/tour",
    "tests/faults",
    "tests/gateway",
    "tests/layers",
)
# Those that mind no load run beside the others, on a stack of their own.
BESIDE = (
    "tests/browser",
    "tests/command",
    "tests/common",
    "tests/contracts",
    "tests/e2e/adding",
    "tests/e2e/cli",
    "tests/e2e/hostile",
    "tests/e2e/pages",
    "tests/gateway",
    "tests/layers",
)
INSTRUMENTED = ("build-asan", "build-tsan", "build-coverage")


class Count:
    """Passed and failed, over all suites."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def add(self, passed: int, failed: int) -> None:
        """One suite more."""
        self.passed += passed
        self.failed += failed


def count_checks(record: dict) -> tuple[int, int]:
    """What one test of meson counts for, from its record in testlog.json."""
    lines = CHECKS.findall(record.get("stdout", ""))
    checks = sum(int(line[0]) for line in lines)
    failed = sum(int(line[1]) + int(line[2]) for line in lines)
    if record["result"] != "OK" and failed == 0:
        failed = 1  # crashed, timed out, was skipped, leaked at its end, …
        checks = max(checks, 1)
    return (checks - failed, failed) if checks else (1, 0)


def run_meson(build: Path, words: list[str], environment: dict[str, str], count: Count) -> None:
    """The tests that meson.build declares."""
    listed = subprocess.run(
        ["meson", "introspect", "--tests", build], stdout=subprocess.PIPE, check=True
    )
    names = [test["name"] for test in json.loads(listed.stdout)]
    chosen = [name for name in names if all(word in name for word in words)]
    if not chosen:
        return
    log = build / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    command = ["meson", "test", "-C", build, "--no-rebuild", "--print-errorlogs"]
    command += ["--timeout-multiplier", str(PATIENCE.get(build.name, 2))]
    subprocess.run(command + (chosen if words else []), env=environment, check=False)
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for record in records:
        count.add(*count_checks(record))
    count.add(0, max(0, len(chosen) - len(records)))


def seconds_by_folder(suite: xml.etree.ElementTree.Element) -> str:
    """Where the time of a run went, the longest first."""
    seconds: dict[str, float] = {}
    for case in suite.iter("testcase"):
        folder = ".".join(case.get("classname", "").split(".")[:-1])
        seconds[folder] = seconds.get(folder, 0.0) + float(case.get("time", "0"))
    longest = sorted(seconds.items(), key=lambda each: -each[1])
    return ", ".join(f"{folder} {spent:.0f}" for folder, spent in longest)


class Pytest:
    """One run of pytest, over some of the folders."""

    def __init__(self, arguments: list[str], words: list[str], environment: dict[str, str]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._report = Path(self._folder.name) / "report.xml"
        self._output = Path(self._folder.name) / "output"
        self._is_filtered = bool(words)
        command = ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-ra"]
        command += [f"--junitxml={self._report}", "-k", " and ".join(words), *arguments]
        self._command, self._environment = command, environment
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """In the background: what it says is kept, and told by `count`."""
        with self._output.open("wb") as output:
            self._child = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def finish(self, count: Count) -> None:
        """Run it, or wait for its end if it was started; add up what came of it."""
        if self._child is None:
            status = subprocess.run(
                self._command, cwd=ROOT, env=self._environment, check=False
            ).returncode
        else:
            status = self._child.wait()
            sys.stdout.flush()
            print(self._output.read_text(encoding="utf-8", errors="replace"), flush=True)
        self._add(status, count)
        self._folder.cleanup()

    def _add(self, status: int, count: Count) -> None:
        nothing_chosen = 5
        if self._is_filtered and status == nothing_chosen:
            return
        if not self._report.exists():
            count.add(0, 1)
            return
        suite = xml.etree.ElementTree.parse(self._report).getroot().find("testsuite")
        print(f"seconds: {seconds_by_folder(suite)}", flush=True)
        tests, failures, errors, skipped = (
            int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
        )
        failed = min(tests, failures + errors + skipped)
        # Something went wrong that no test owns up to, say while collecting.
        count.add(tests - failed, max(failed, 1 if status != 0 else 0))


def folders_of_suites() -> list[str]:
    """Each folder under tests/ or tests/e2e/ that has tests written in Python."""
    found = {test.relative_to(ROOT).parts for test in (ROOT / "tests").rglob("*_test.py")}
    return sorted({"/".join(parts[: 3 if parts[1] == "e2e" else 2]) for parts in found})


def run_all(build: Path, words: list[str], environment: dict[str, str], count: Count) -> None:
    """The tests written in Python, in two runs at a time, and those that meson.build declares."""
    folders = folders_of_suites()
    if build.name in INSTRUMENTED:
        folders = [folder for folder in folders if folder not in PLAIN]
    background = Pytest([each for each in folders if each in BESIDE], words, environment)
    others = Pytest([each for each in folders if each not in BESIDE], words, environment)
    background.start()
    run_meson(build, words, environment, count)
    others.finish(count)
    background.finish(count)


def read_reports(folder: Path, count: Count) -> None:
    """What sanitizers wrote, in any process of any suite."""
    for report in sorted(folder.iterdir()):
        print(f"\n{report.name}:\n{report.read_text(encoding='utf-8', errors='replace')}")
        count.add(0, 1)


def main() -> int:
    """0 if something ran and nothing failed."""
    if len(sys.argv) < 2:
        print("usage: suites.py <build directory> [word…]", file=sys.stderr)
        return 64
    build, words = ROOT / sys.argv[1], sys.argv[2:]
    count = Count()
    with tempfile.TemporaryDirectory(prefix="postroom-reports-") as folder:
        Path(folder).chmod(0o777)
        library = str(ROOT / "scripts/lib")
        environment = os.environ | {
            "POSTROOM_BUILD": str(build),
            "PYTHONPATH": ":".join(filter(None, (library, os.environ.get("PYTHONPATH")))),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if build.name in SANITIZERS:
            environment["POSTROOM_SANITIZER_LOGS"] = folder
        for name, options in SANITIZERS.get(build.name, {}).items():
            own = os.environ.get(name, "")  # say fast_unwind_on_malloc=0, for whole stacks
            environment[name] = f"{options}:log_path={folder}/report:{own}"
        run_all(build, words, environment, count)
        sys.stderr.flush()
        read_reports(Path(folder), count)
    print(f"{count.passed} passed, {count.failed} failed", flush=True)
    return 0 if count.passed and not count.failed else 1


if __name__ == "__main__":
    sys.exit(main())
