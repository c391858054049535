"""Messages over a real SMTP server, and into files: each leaves once, and what does not leave says why."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask

from lms import clock
from lms.db import db
from lms.mail import actions as mail
from lms.mail import rules, senders
from lms.mail.rules import Reason, State, Trouble
from tests.reminders.conftest import MONDAY
from tests.reminders.people import message, posted, trouble
from tests.reminders.post_office import PostOffice, authenticator, certificate, free_port

SUBJECT = "Anh chị còn thiếu 12 tiết: «Chuyển đổi số», Đà Nẵng"
BODY = "Chào anh chị Dương,\n\nDòng có dấu chấm đầu:\n.\n.hai\nđường dẫn: https://thao-so.example.vn/courses/x\n"


@pytest.fixture
def silence(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that takes the call and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{mute.getsockname()[1]}")
        monkeypatch.setattr(senders, "TIMEOUT", 0.2)
        yield


def test_a_vietnamese_letter_arrives_as_it_was_written(office: PostOffice) -> None:
    posted(subject=SUBJECT, body=BODY)
    assert mail.deliver() == {State.SENT: 1}
    letter, raw = office.letters[0], office.raw[0]
    assert letter["Subject"] == SUBJECT
    assert letter.get_content().replace("\r\n", "\n") == BODY
    assert (letter["To"], letter["From"]) == ("an@example.vn", "Thạo Số <thao-so@localhost>")
    assert letter["Date"].datetime == MONDAY
    assert letter["Message-ID"] == message().message_id
    assert raw.isascii() and letter.get_content_type() == "text/plain"
    assert (message().state, message().sent_at, message().attempts) == (State.SENT, clock.now(), 1)


def test_a_key_is_posted_once_and_a_job_that_comes_twice_sends_once(office: PostOffice) -> None:
    assert [posted(), posted()] == [1, 0]
    mail.deliver()
    assert mail.deliver() == {}
    assert len(office.letters) == 1


def test_many_letters_share_connections(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "LETTERS_A_CONNECTION", 2)
    for number in range(5):
        posted(f"k{number}")
    assert mail.deliver() == {State.SENT: 5}


def test_nothing_is_added_to_the_head_of_a_letter(office: PostOffice) -> None:
    posted(subject="Chào\r\nBcc: ai-do@example.vn", to="an@example.vn\r\nBcc: ai-do@example.vn")
    posted("second", subject="Chào\nBcc: ai-do@example.vn")
    assert mail.deliver() == {State.FAILED: 1, State.SENT: 1}
    assert message().reason == Reason.ADDRESS
    assert office.letters[0]["Bcc"] is None
    assert office.letters[0]["Subject"] == "Chào Bcc: ai-do@example.vn"


def test_a_refused_address_fails_at_once_with_what_the_server_said(office: PostOffice) -> None:
    office.refused.add("an@example.vn")
    posted()
    posted("other", to="em@example.vn")
    assert mail.deliver() == {State.FAILED: 1, State.SENT: 1}
    assert (message().reason, message().last_error) == (Reason.REFUSED, "550 5.1.1 No such user here")


def test_who_is_busy_is_asked_again_later(office: PostOffice) -> None:
    office.busy = True
    posted()
    assert mail.deliver() == {State.QUEUED: 1}
    assert mail.deliver() == {}, "not before the pause is over"
    office.busy = False
    with clock.stopped(MONDAY + rules.pause(1)):
        assert mail.deliver() == {State.SENT: 1}
    assert (message().attempts, message().reason) == (2, None)


def test_a_server_that_is_away_is_tried_again_until_it_fails_and_the_alarm_rings(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{free_port()}")
    monkeypatch.setitem(app.config, "MAIL_HOURS", rules.hours("", []))
    posted()
    posted("other")
    assert mail.deliver() == {State.QUEUED: 1}, "the second would meet the same trouble"
    assert message().reason == Reason.AWAY
    now = MONDAY + rules.WAITS_TOO_LONG + timedelta(minutes=1)
    with clock.stopped(now):
        assert trouble() == Trouble.WAITING
    while message().state == State.QUEUED:
        now = max(now, message().not_before)
        with clock.stopped(now):
            mail.deliver()
    assert message().attempts == rules.ATTEMPTS
    kept = message()
    assert [mail.send_again(message=kept), mail.send_again(message=kept)] == [True, False]
    db.session.commit()
    assert (message().state, message().attempts) == (State.QUEUED, 0)


def test_the_alarm_rings_when_five_deliveries_failed_and_stops_with_the_next_that_is_done(office: PostOffice) -> None:
    office.refused.add("an@example.vn")
    for number in range(5):
        posted(f"k{number}")
    mail.deliver()
    assert trouble() == Trouble.FAILING
    posted("good", to="em@example.vn")
    with clock.stopped(MONDAY + timedelta(minutes=1)):
        mail.deliver()
        assert trouble() is None


def test_a_server_that_says_nothing_is_given_up_in_time_and_nothing_left(silence: None) -> None:
    posted()
    assert mail.deliver() == {State.QUEUED: 1}
    assert (message().reason, message().attempts) == (Reason.AWAY, 1)


def test_a_server_that_falls_silent_over_the_text_leaves_us_unsure(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "TIMEOUT", 0.3)
    office.hangs = True
    posted()
    assert mail.deliver() == {State.UNSURE: 1}
    with clock.stopped(MONDAY + timedelta(hours=5)):
        assert mail.deliver() == {}, "only a human sends it again"
    assert message().reason == Reason.CUT_OFF


def test_over_starttls_with_a_name_and_a_password(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = certificate(tmp_path)
    options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": authenticator}
    with PostOffice().opened(**options) as office:
        server = office.url.removeprefix("smtp://")
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://sender:p%40ss%2Fword@{server}?starttls=1")
        posted()
        assert mail.deliver() == {State.QUEUED: 1}
        assert message().reason == Reason.INSECURE, "its certificate is unknown"

        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        posted("second")
        assert mail.deliver() == {State.SENT: 1}
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://sender:wrong@{server}?starttls=1")
        posted("third")
        assert mail.deliver() == {State.QUEUED: 1}
        assert message("third").reason == Reason.SIGN_IN


def test_nothing_leaves_in_the_quiet_hours(office: PostOffice) -> None:
    evening = MONDAY.replace(hour=22)
    with clock.stopped(evening):
        posted()
        assert mail.deliver() == {}
    assert message().not_before == MONDAY.replace(day=6, hour=7)
    with clock.stopped(MONDAY.replace(day=6, hour=7)):
        assert mail.deliver() == {State.SENT: 1}


def test_what_waited_for_days_is_held_back(office: PostOffice) -> None:
    posted()
    with clock.stopped(MONDAY + rules.OLDEST + timedelta(minutes=1)):
        assert mail.deliver() == {}
        assert (message().state, message().reason) == (State.HELD, Reason.OLD)


def test_without_a_server_letters_become_files(app: Flask) -> None:
    posted(subject=SUBJECT, body=BODY)
    assert mail.deliver() == {State.SENT: 1}
    [path] = Path(app.config["INSTANCE_PATH"]).glob("mail/2026-10-05/*.eml")
    letter = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert letter["Subject"] == SUBJECT
    assert letter.get_content().replace("\r\n", "\n") == BODY  # type: ignore[attr-defined]


def test_old_messages_are_forgotten_but_not_those_that_wait(office: PostOffice) -> None:
    posted()
    mail.deliver()
    with clock.stopped(MONDAY + mail.KEPT - timedelta(days=1)):
        posted("waits")
    with clock.stopped(MONDAY + mail.KEPT + timedelta(days=1)):
        mail.forget()
        db.session.commit()
    assert message("waits")
    assert posted() == 1


def test_the_library_still_has_what_we_rely_on() -> None:
    assert issubclass(smtplib.SMTPException, OSError)
