"""E-mail through a real SMTP server: TLS, login, a server that is down, and what arrives."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from support.amqp_client import AmqpClient
from support.http_client import PASSWORD as USERS_PASSWORD
from support.http_client import new_email
from support.mail_server import (
    PASSWORD,
    URL_LOGIN,
    USER,
    Authority,
    MailServer,
    Received,
    make_authority,
)
from support.machine import Machine
from support.process import Process
from support.stack import Stack
from support.waiting import wait_for


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def mail_stack(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack in which nothing runs yet."""
    stack = Stack(machine, tmp_path_factory.mktemp("mail-stack"))
    try:
        stack.prepare()
        assert stack.postroom("topology").returncode == 0
        stack.settings["RETRY_WAIT_MS"] = "50"
        yield stack
    finally:
        stack.close()


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


Start = Callable[..., Process]


@pytest.fixture
def start(mail_stack: Stack, authority: Authority) -> Iterator[Start]:
    """Start command-service with these settings; it is stopped at the end."""
    started: list[Process] = []

    def run(**settings: str) -> Process:
        known = {"EMAIL_CA_FILE": str(authority.ca_file)}
        started.append(mail_stack.start("command-service", **(known | settings)))
        return started[-1]

    yield run
    for process in started:
        assert process.stop() == 0
        assert PASSWORD not in process.output and URL_LOGIN not in process.output


@pytest.fixture
def amqp(mail_stack: Stack) -> Iterator[AmqpClient]:
    client = mail_stack.amqp()
    yield client
    client.close()


def _register(amqp: AmqpClient, language: str | None = None, email: str | None = None) -> str:
    """A new user, who gets an e-mail; their address."""
    email = email or new_email()
    fields = {"email": email, "password1": USERS_PASSWORD, "password2": USERS_PASSWORD}
    headers = {} if language is None else {"language": language}
    reply = amqp.call("users.register", fields, headers=headers)
    assert reply.fields["user"]["email"] == email
    return email


def _id_of(stack: Stack, address: str) -> int:
    return stack.database.rows(f"SELECT id FROM users WHERE email = '{address}'")[0]["id"]


def _mail_to(server: MailServer, address: str) -> Received:
    def find() -> list[Received]:
        return [each for each in list(server.received) if each.recipients == [address]]

    return wait_for(find, f"the mail to {address}")[0]


def test_a_mail_has_a_text_and_a_page(server: MailServer, start: Start, amqp: AmqpClient) -> None:
    with server.running():
        start(EMAIL_URL=server.url(), EMAIL_FROM="post@example.org")
        received = _mail_to(server, email := _register(amqp))

    mail = received.mail
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Subject"] == "Successful registration"
    assert received.text("plain").strip() == "You have successfully registered"
    assert "You have successfully registered" in received.text("html")
    assert (mail["To"], mail["From"]) == (email, "post@example.org")
    assert received.sender == "post@example.org"
    assert mail["Content-Language"] == "en"
    assert re.fullmatch(r"<[0-9a-f-]{36}@example\.org>", mail["Message-ID"])
    assert abs(mail["Date"].datetime.timestamp() - time.time()) < 600
    assert not mail.defects and all(not part.defects for part in mail.iter_parts())


@pytest.mark.parametrize(
    ("language", "tag", "subject", "text"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Registrierung erfolgreich", "erfolgreich registriert"),
        ("fr", "fr", "Inscription réussie", "Vous êtes bien inscrit"),
        ("tlh", "en", "Successful registration", "successfully registered"),
    ],
)
def test_a_mail_speaks_the_language_of_its_reader(
    server: MailServer, start: Start, amqp: AmqpClient,
    language: str, tag: str, subject: str, text: str,
) -> None:  # fmt: skip
    with server.running():
        start(EMAIL_URL=server.url())
        received = _mail_to(server, _register(amqp, language))

    assert received.mail["Subject"] == subject
    assert received.mail["Content-Language"] == tag
    assert text in received.text("plain") and text in received.text("html")
    assert f'<html lang="{tag}">' in received.text("html")
    assert all(len(line) <= 998 for line in received.content.split(b"\r\n"))
    assert received.content.isascii()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a..b", "a\r\nBcc: b", '"a b"'])
def test_a_hostile_address_is_refused(start: Start, amqp: AmqpClient, name: str) -> None:
    start()
    email = f"{name}{uuid.uuid4().hex}@example.org"
    fields = {"email": email, "password1": USERS_PASSWORD, "password2": USERS_PASSWORD}

    assert amqp.call("users.register", fields).code == "invalid_input"


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("&'`{|}~!#$%*+-/=^_", "{}"),
        ("-oQ/tmp", "{}"),
        ("a=?1", "<{}>"),
        ("=?utf-8?q?eve=40example.com=2C", "<{}>"),
    ],
)
def test_a_hostile_address_stays_an_address(
    server: MailServer, start: Start, amqp: AmqpClient, name: str, to: str
) -> None:
    email = f"{name}{uuid.uuid4().hex}@example.org"
    with server.running():
        start(EMAIL_URL=server.url())
        received = _mail_to(server, _register(amqp, email=email))

    head = received.content.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert received.recipients == [email]
    expected = f"To: {to.format(email)}".encode()
    assert [line for line in head if line.startswith(b"To:")] == [expected]
    assert not [line for line in head if line.lower().startswith((b"cc:", b"bcc:"))]


@pytest.mark.parametrize("end", ["", "?tls=required"])
def test_a_password_goes_to_a_server_with_tls(
    server: MailServer, start: Start, amqp: AmqpClient, authority: Authority, end: str
) -> None:
    with server.running(tls_context=authority.context, require_starttls=True, auth_required=True):
        start(EMAIL_URL=server.url(URL_LOGIN, end))
        received = _mail_to(server, _register(amqp))

    assert received.is_encrypted
    assert received.login == USER


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_tls_may_be_there_from_the_start(
    server: MailServer, start: Start, amqp: AmqpClient, authority: Authority
) -> None:
    # aiosmtpd takes only STARTTLS for TLS.
    options = {"auth_required": True, "auth_require_tls": False}
    with server.running(implicit=authority.context, **options):
        start(EMAIL_URL=server.url(URL_LOGIN, scheme="smtps"))
        received = _mail_to(server, _register(amqp))

    assert received.login == USER


def test_tls_is_used_when_it_is_offered(
    server: MailServer, start: Start, amqp: AmqpClient, authority: Authority
) -> None:
    with server.running(tls_context=authority.context):
        start(EMAIL_URL=server.url())
        received = _mail_to(server, _register(amqp))

    assert received.is_encrypted


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_password_in_plain_text_has_to_be_asked_for(
    server: MailServer, start: Start, amqp: AmqpClient, mechanism: str
) -> None:
    other = {"PLAIN": "LOGIN", "LOGIN": "PLAIN"}[mechanism]
    options = {"auth_required": True, "auth_require_tls": False, "auth_exclude_mechanism": [other]}
    with server.running(**options):
        start(EMAIL_URL=server.url(URL_LOGIN, "?tls=none"))
        received = _mail_to(server, _register(amqp))

    assert received.login == USER
    assert not received.is_encrypted


def _is_put_off(process: Process) -> bool:
    return "event=mail_not_sent" in process.output


def test_a_password_is_kept_from_a_server_without_tls(
    server: MailServer, start: Start, amqp: AmqpClient
) -> None:
    with server.running(auth_require_tls=False):
        service = start(EMAIL_URL=server.url(URL_LOGIN))
        _register(amqp)
        wait_for(lambda: _is_put_off(service), "the mail to be put off")

        assert server.passwords == []
        assert server.received == []


def test_a_server_that_is_somebody_else_gets_nothing(
    server: MailServer, start: Start, amqp: AmqpClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = make_authority(tmp_path_factory.mktemp("stranger"))
    with server.running(tls_context=stranger.context, auth_require_tls=False):
        service = start(EMAIL_URL=server.url(URL_LOGIN))
        _register(amqp)
        wait_for(lambda: _is_put_off(service), "the mail to be put off")

        assert server.passwords == []
        assert server.received == []


def test_a_certificate_for_another_host_is_none(
    server: MailServer, start: Start, amqp: AmqpClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = make_authority(tmp_path_factory.mktemp("other"), "127.0.0.2")
    with server.running(tls_context=other.context):
        service = start(EMAIL_URL=server.url(), EMAIL_CA_FILE=str(other.ca_file))
        _register(amqp)
        wait_for(lambda: _is_put_off(service), "the mail to be put off")

        assert server.received == []


def test_a_mail_waits_for_a_server_that_is_down(
    server: MailServer, start: Start, amqp: AmqpClient
) -> None:
    service = start(EMAIL_URL=server.url())
    email = _register(amqp)
    wait_for(lambda: service.output.count("event=mail_not_sent") >= 2, "the second try")

    with server.running():
        received = _mail_to(server, email)

    assert received.mail["Subject"] == "Successful registration"


def test_a_wrong_password_is_a_dead_letter_that_does_not_tell_it(
    server: MailServer, start: Start, amqp: AmqpClient, mail_stack: Stack, authority: Authority
) -> None:
    with server.running(tls_context=authority.context, auth_required=True):
        service = start(EMAIL_URL=server.url("post:wrong-hush"))
        user_id = _id_of(mail_stack, _register(amqp))

        def letters() -> list[dict[str, str]]:
            return mail_stack.database.rows(
                "SELECT code, detail, body::text AS body, headers::text AS headers FROM dead_letters"
                " WHERE message = 'users.send_registration_notification'"
                f" AND body::jsonb->>'user_id' = '{user_id}'"
            )

        found = wait_for(letters, "the dead letter")

    assert [each["code"] for each in found] == ["internal"]
    assert "hush" not in str(found)
    assert "hush" not in service.output
    assert server.passwords and all(is_encrypted for is_encrypted, _ in server.passwords)


def test_the_staff_is_told_of_dead_letters_by_mail(
    server: MailServer, start: Start, amqp: AmqpClient, mail_stack: Stack
) -> None:
    with server.running():
        start(EMAIL_URL=server.url())
        email = _register(amqp)
        _mail_to(server, email)
        fields = {"user_id": _id_of(mail_stack, email), "letters": 2, "hours": 24}
        assert amqp.call("users.send_dead_letter_report", fields).fields == {}

    report = [each for each in server.received if each.recipients == [email]][-1]
    assert report.mail["Subject"] == "Dead letters"
    assert "2 messages have failed for good within 24 hours." in report.text("plain")
    assert "<code>postroom dead list</code>" in report.text("html")
