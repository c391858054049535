"""kill -9 of a worker in the middle of a delivery: what had not left is sent, what may have left waits for a human."""

import os
import signal
import socket
import subprocess
import sys
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
from tests.architecture.source import ROOT
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
def worker(database: str, mail_url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that does what waits, in a process of its own; killed at the end of the block."""
    quiet = {"MAIL_QUIET_HOURS": "", "MAIL_QUIET_DAYS": "[]"}
    settings = {"DATABASE_URL": database, "MAIL_URL": mail_url, "INSTANCE_PATH": str(folder), "SECRET_KEY": "test"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work", "--once"]
    jobs.enqueue("mail.send", key="mail.send", account_id=None, actor="system")
    db.session.commit()
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | settings | quiet, stderr=subprocess.DEVNULL) as running:
        try:
            yield running
        finally:
            running.send_signal(signal.SIGKILL)


def later() -> datetime:
    return datetime.now(UTC) + mail.LEASE + timedelta(seconds=1)


def open_always(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(app.config, "MAIL_HOURS", rules.hours("", []))
    monkeypatch.setitem(app.config, "MAIL_URL", url)


def test_killed_while_handing_over_it_is_unsure(
    app: Flask, database: str, tmp_path: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_always(app, monkeypatch, office.url)
    office.hangs = True
    posted()
    with worker(database, office.url, tmp_path):
        assert office.saw_text.wait(PATIENCE)
    assert message().state == State.SENDING
    office.hangs = False
    mail.deliver()
    assert message().state == State.SENDING, "its lease is not over"
    with clock.stopped(later()):
        mail.deliver()
    assert message().state == State.UNSURE


def test_killed_before_the_server_said_a_word_it_is_sent_by_the_next(
    app: Flask, database: str, tmp_path: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_always(app, monkeypatch, office.url)
    posted()
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        mute.settimeout(PATIENCE)
        with ExitStack() as stack:
            stack.enter_context(worker(database, f"smtp://127.0.0.1:{mute.getsockname()[1]}", tmp_path))
            stack.enter_context(closing(mute.accept()[0]))
    assert (message().state, message().attempts) == (State.QUEUED, 1)
    assert mail.deliver() == {}, "it is still held for the worker"
    with clock.stopped(later()):
        assert mail.deliver() == {State.SENT: 1}
    assert len(office.letters) == 1
