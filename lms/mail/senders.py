"""The ways out: an SMTP server, or files in a folder. One message at a time, time-outs on everything."""

import logging
import os
import re
import smtplib
import ssl
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from lms import clock
from lms.language import gettext
from lms.mail.rules import Reason

TIMEOUT = 10.0
LETTERS_A_CONNECTION = 50
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
# Old servers take seven bits only, and lose what is not.
WIRE = policy.SMTP.clone(cte_type="7bit")

log = logging.getLogger(__name__)


class NotSent(Exception):
    """A message certainly did not leave; `detail` is what the server or the system said."""

    def __init__(self, reason: Reason, detail: object) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, str(detail)


class Unsure(Exception):
    """The connection broke after the text had been handed over: the server may have taken it or not."""


class Sender(Protocol):
    """A way out. `connect` does all that can be done before a message is on its way; both raise `NotSent`."""

    def connect(self) -> None: ...

    def send(self, letter: EmailMessage) -> None:
        """Raises `Unsure` too."""

    def close(self) -> None: ...


def sender() -> Sender:
    """The way out of this installation: MAIL_URL, or the folder `mail` of the instance."""
    url: str = current_app.config["MAIL_URL"]
    return SmtpSender(url) if url else FileSender(Path(current_app.config["INSTANCE_PATH"]) / "mail")


def letter(*, to_address: str, subject: str, body: str, message_id: str) -> EmailMessage:
    """A message as it travels: plain text in UTF-8. Raises `NotSent` for what is no address."""
    if not PLAIN_ADDRESS.fullmatch(to_address):
        raise NotSent(Reason.ADDRESS, to_address)
    name, address = parseaddr(current_app.config["MAIL_FROM"])
    made = EmailMessage(policy=WIRE)
    made["From"] = Address(name or gettext("mail.sender"), addr_spec=address)
    made["To"] = Address(addr_spec=to_address)
    made["Subject"] = subject
    made["Date"] = clock.now().astimezone(clock.VIETNAM)
    made["Message-ID"] = message_id
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(body)
    return made


class FileSender:
    """Writes each message into `folder/<day>/<message id>.eml`: the default, which needs no server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def connect(self) -> None:
        self._today().mkdir(parents=True, exist_ok=True, mode=0o700)

    def send(self, letter: EmailMessage) -> None:
        path = self._today() / f"{letter['Message-ID'].strip('<>').partition('@')[0]}.eml"
        try:
            part = path.with_suffix(".part")
            part.write_bytes(letter.as_bytes())
            os.replace(part, path)
        except OSError as error:
            raise NotSent(Reason.AWAY, error) from error
        log.info("mail to a file, MAIL_URL is empty: %s", path)

    def close(self) -> None:
        pass

    def _today(self) -> Path:
        return self.folder / clock.today().isoformat()


class SmtpSender:
    """Hands messages to the server of a URL: `smtp://user:password@host:port?starttls=1` or `smtps://…`."""

    def __init__(self, url: str) -> None:
        self._url, self._sent = url, 0
        self._smtp: smtplib.SMTP | None = None

    def connect(self) -> None:
        if self._smtp and self._sent >= LETTERS_A_CONNECTION:
            self.close()
        if self._smtp is None:
            self._smtp, self._sent = _connected(self._url), 0

    def send(self, letter: EmailMessage) -> None:
        assert self._smtp is not None, "connect first"
        sender, recipient = (letter[name].addresses[0].addr_spec for name in ("From", "To"))
        try:
            _expect(self._smtp.mail(sender), Reason.SENDER)
            _expect(self._smtp.rcpt(recipient), Reason.REFUSED)
            self._hand_over(self._smtp, letter)
        except (NotSent, Unsure):
            self.close()
            raise
        except OSError as error:
            self.close()
            raise NotSent(Reason.AWAY, error) from error
        self._sent += 1

    def _hand_over(self, smtp: smtplib.SMTP, letter: EmailMessage) -> None:
        try:
            answer: tuple[int, Any] = smtp.data(letter.as_bytes())
        except smtplib.SMTPDataError as error:
            answer = error.smtp_code, error.smtp_error
        except OSError as error:
            raise Unsure(str(error)) from error
        _expect(answer, Reason.REFUSED)

    def close(self) -> None:
        # QUIT waits for an answer that a troubled server may never give; nothing depends on it.
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    wants_tls = parse_qs(parts.query).get("starttls", ["0"])[-1] not in ("0", "")
    port = parts.port or PORTS["smtp+starttls" if wants_tls else parts.scheme]
    try:
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(parts.hostname or "", port, timeout=TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(parts.hostname or "", port, timeout=TIMEOUT)
    except ssl.SSLError as error:
        raise NotSent(Reason.INSECURE, error) from error
    except OSError as error:
        raise NotSent(Reason.AWAY, error) from error
    try:
        _introduce(smtp, wants_tls, unquote(parts.username or ""), unquote(parts.password or ""))
    except NotSent:
        smtp.close()
        raise
    return smtp


def _introduce(smtp: smtplib.SMTP, wants_tls: bool, user: str, password: str) -> None:
    """Encrypt and sign in, as far as the URL asks for it."""
    reason = Reason.AWAY
    try:
        smtp.ehlo_or_helo_if_needed()
        if wants_tls:
            reason = Reason.INSECURE
            smtp.starttls(context=ssl.create_default_context())
        if user:
            reason = Reason.SIGN_IN
            smtp.login(user, password)
    except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
        raise NotSent(Reason.AWAY, error) from error
    except OSError as error:
        raise NotSent(reason, error) from error


def _expect(answer: tuple[int, Any], reason: Reason) -> None:
    """Raise `NotSent` unless the server agreed; a number of the four hundreds means: later."""
    code, text = answer
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    if code not in (250, 251):
        raise NotSent(Reason.BUSY if 400 <= code < 500 else reason, f"{code} {words}")
