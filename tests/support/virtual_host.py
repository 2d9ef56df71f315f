"""A virtual host of a stack's own, through the broker's management API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import requests

from support.machine import with_path


class VirtualHost:
    """`url` is what the services get."""

    def __init__(self, amqp_url: str, management_url: str, name: str) -> None:
        self.name = name
        self.url = with_path(amqp_url, name)
        parts = urlsplit(management_url)
        self._user = parts.username
        self._base = f"{parts.scheme}://{parts.hostname}:{parts.port}/api"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (parts.username, parts.password)

    def create(self) -> None:
        self._ask("PUT", f"vhosts/{self.name}")
        allow_all = {"configure": ".*", "write": ".*", "read": ".*"}
        self._ask("PUT", f"permissions/{self.name}/{self._user}", json=allow_all)

    def delete(self) -> None:
        self._ask("DELETE", f"vhosts/{self.name}", may_be_gone=True)

    def exchanges(self) -> dict[str, dict[str, Any]]:
        """By name, without the broker's own."""
        found = self._list(f"exchanges/{self.name}")
        return {each["name"]: each for each in found if not each["name"].startswith(("amq.", "_"))
                and each["name"]}  # fmt: skip

    def queues(self) -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self._list(f"queues/{self.name}")}

    def bindings(self) -> list[dict[str, Any]]:
        """Without those of the default exchange."""
        return [each for each in self._list(f"bindings/{self.name}") if each["source"]]

    def connections(self) -> list[dict[str, Any]]:
        return self._list(f"vhosts/{self.name}/connections")

    def close_connections(self) -> int:
        """Cut off everybody, and say how many they were."""
        found = self.connections()
        for each in found:
            self._ask("DELETE", f"connections/{quote(each['name'], safe='')}", may_be_gone=True)
        return len(found)

    def _list(self, path: str) -> list[dict[str, Any]]:
        return self._ask("GET", path).json()

    def _ask(self, method: str, path: str, may_be_gone: bool = False, **options: Any) -> Any:
        response = self._session.request(method, f"{self._base}/{path}", timeout=60, **options)
        if not (may_be_gone and response.status_code == 404):
            response.raise_for_status()
        return response
