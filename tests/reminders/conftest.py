"""A Monday morning, a post office that is open, and the school of the cast."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from lms import clock
from lms.goals import actions as goals
from tests.architecture.source import ROOT
from tests.catalogue.packages import publish
from tests.people import Cast
from tests.reminders.post_office import PostOffice

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """It is Monday, 5 October 2026, nine o'clock."""
    with clock.stopped(MONDAY):
        yield


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The server to which this application sends."""
    with PostOffice().opened() as opened:
        monkeypatch.setitem(app.config, "MAIL_URL", opened.url)
        yield opened


@pytest.fixture
def school(cast: Cast) -> Cast:
    """The cast, with a policy in force and a course on offer."""
    publish()
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    return cast
