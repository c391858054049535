"""kill -9 of a worker in the middle of a delivery: what had not left is sent, what may have left waits for a human."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms import clock, jobs
from lms.db import db
from lms.mail import actions as mail
from lms.mail import rules
from lms.mail.rules import State
from tests.mortal import Mother
from tests.reminders.people import message, posted
from tests.reminders.post_office import PostOffice

pytestmark = pytest.mark.slow
PATIENCE = 60
"""Seconds that a worker may take to start on a busy machine."""


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """Now, because the worker has its own clock."""
    with clock.stopped(datetime.now(UTC)):
        yield


@contextmanager
def worker(mother: Mother, *words: object) -> Iterator[None]:
    """A worker that does what waits, in a process of its own; killed at the end of the block."""
    jobs.enqueue("mail.send", key="mail.send", account_id=None, actor="system")
    db.session.commit()
    running = mother.begin("tests.reminders.sending_process", *words)
    try:
        yield
    finally:
        assert running.kill() == -9, "it was killed before its end"


def later() -> datetime:
    return datetime.now(UTC) + mail.LEASE + timedelta(seconds=1)


def open_always(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(app.config, "MAIL_HOURS", rules.hours("", []))
    monkeypatch.setitem(app.config, "MAIL_URL", url)


def test_killed_while_handing_over_it_is_unsure(
    app: Flask, database: str, tmp_path: Path, office: PostOffice, mother: Mother, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_always(app, monkeypatch, office.url)
    office.hangs = True
    posted()
    with worker(mother, database, tmp_path, office.url):
        assert office.saw_text.wait(PATIENCE)
    assert message().state == State.SENDING
    office.hangs = False
    mail.deliver()
    assert message().state == State.SENDING, "its lease is not over"
    with clock.stopped(later()):
        mail.deliver()
    assert message().state == State.UNSURE


def test_killed_before_the_server_said_a_word_it_is_sent_by_the_next(
    app: Flask, database: str, tmp_path: Path, office: PostOffice, mother: Mother, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_always(app, monkeypatch, office.url)
    posted()
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        mute.settimeout(PATIENCE)
        with ExitStack() as stack:
            stack.enter_context(worker(mother, database, tmp_path, f"smtp://127.0.0.1:{mute.getsockname()[1]}"))
            stack.enter_context(closing(mute.accept()[0]))
    assert (message().state, message().attempts) == (State.QUEUED, 1)
    assert mail.deliver() == {}, "it is still held for the worker"
    with clock.stopped(later()):
        assert mail.deliver() == {State.SENT: 1}
    assert len(office.letters) == 1
