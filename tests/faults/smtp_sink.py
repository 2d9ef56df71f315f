"""An SMTP server that counts: who got which Message-ID, and how often."""

from __future__ import annotations

import re
import socketserver
import threading
from collections import defaultdict


class _Session(socketserver.StreamRequestHandler):
    server: SmtpSink

    def handle(self) -> None:
        self._say("220 sink")
        recipient = ""
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word.startswith(b"RCPT"):
                recipient = line.decode("ascii", "replace").partition("<")[2].partition(">")[0]
            if word == b"DATA":
                self._say("354 go on")
                self.server.keep(recipient, self._take_mail())
            self._say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def _take_mail(self) -> bytes:
        mail = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            mail += line
        return mail if line else b""

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class SmtpSink(socketserver.ThreadingTCPServer):
    """Serves from `start` to `stop`; `mails` has each delivery's Message-ID by recipient."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: dict[str, list[str]] = defaultdict(list)
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def keep(self, recipient: str, mail: bytes) -> None:
        """Note one mail; called before it is accepted, so that one accepted is surely counted."""
        if not mail:
            return
        found = re.search(rb"^Message-ID:\s*(\S+)", mail, re.MULTILINE | re.IGNORECASE)
        with self._lock:
            self.mails[recipient.lower()].append(found[1].decode() if found else "")

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed in mid-sentence is nothing to talk about."""
