"""The port on which a process tells how it is."""

from __future__ import annotations

import re

import requests

from support.process import Process
from support.waiting import wait_for

SECONDS = 30


class HealthPort:
    """Of one process: found by what it has logged."""

    def __init__(self, process: Process) -> None:
        def address() -> str:
            match = re.search(r"event=health_listening address=(\S+)", process.output)
            return match.group(1) if match else ""

        self.process = process
        self.address = wait_for(address, f"{process.name} to listen for questions of health")

    def get(self, path: str, method: str = "GET") -> requests.Response:
        session = requests.Session()
        session.trust_env = False
        return session.request(method, f"http://{self.address}{path}", timeout=SECONDS)

    def status(self, path: str) -> int:
        return self.get(path).status_code

    def metric(self, name: str, **labels: str) -> float:
        """A sample's value; 0 when there is none."""
        text = ",".join(f'{label}="{value}"' for label, value in labels.items())
        sample = re.escape(name + (f"{{{text}}}" if text else ""))
        match = re.search(rf"^{sample} (\S+)$", self.get("/metrics").text, re.MULTILINE)
        return float(match.group(1)) if match else 0
