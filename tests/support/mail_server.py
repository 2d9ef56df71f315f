"""A real SMTP server (aiosmtpd) for tests: STARTTLS, TLS from the start, AUTH. It keeps what it was sent."""

from __future__ import annotations

import asyncio
import email.policy
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Optional

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "post@example.org", "p:@/?#%ä secret"
URL_LOGIN = "post%40example.org:p%3A%40%2F%3F%23%25%C3%A4%20secret"


@dataclass
class Received:
    """One mail, and how it came."""

    sender: str
    recipients: list[str]
    content: bytes
    is_encrypted: bool
    login: Optional[str]

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)  # type: ignore[return-value]

    def text(self, kind: str) -> str:
        """Its text, "plain" or "html"."""
        part = self.mail.get_body((kind,))
        assert part is not None, f"there is no {kind} part"
        return part.get_content()


class MailServer:
    """Bound when it is made: `url` is known, connections are refused until it is started."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.passwords: list[tuple[bool, bytes]] = []  # every one it was shown, and if encrypted
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))

    def url(self, login: str = "", end: str = "", scheme: str = "smtp") -> str:
        """Its EMAIL_URL."""
        host, port = self._socket.getsockname()
        return f"{scheme}://{login + '@' if login else ''}{host}:{port}{end}"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd."""
        assert envelope.mail_from is not None and isinstance(envelope.content, bytes)
        self.received.append(
            Received(
                envelope.mail_from,
                list(envelope.rcpt_tos),
                envelope.content,
                session.ssl is not None,
                session.auth_data.login.decode() if session.authenticated else None,
            )
        )
        return "250 taken"

    def authenticate(
        self, _server: SMTP, session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Called by aiosmtpd."""
        assert isinstance(data, LoginPassword)
        self.passwords.append((session.ssl is not None, data.password))
        is_right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=is_right, handled=False, auth_data=data)

    @contextmanager
    def running(self, implicit: Optional[ssl.SSLContext] = None, **options: Any) -> Iterator[None]:
        """Serve; `options` are those of aiosmtpd.smtp.SMTP."""
        loop = asyncio.new_event_loop()

        def make() -> SMTP:
            return SMTP(self, authenticator=self.authenticate, loop=loop, **options)

        starting = loop.create_server(make, sock=self._socket.dup(), ssl=implicit)
        server = loop.run_until_complete(starting)
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True)
class Authority:
    """Who signs certificates: `ca_file` says whom to trust, `context` is for a server of 127.0.0.1."""

    ca_file: Path
    context: ssl.SSLContext


def make_authority(folder: Path, name: str = "127.0.0.1") -> Authority:
    """A certificate for this address, signed by itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return Authority(certificate, context)
