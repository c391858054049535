"""An application whose routes can be looked at without a database, and a country full of objects to be reached."""

from typing import Any

import pytest
from flask import Flask

from lms import create_app
from lms.config import Settings
from lms.goals import actions as goals
from tests.architecture.source import ROOT
from tests.architecture.world import READERS, Reader, World
from tests.page import Visitor
from tests.people import Cast


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application; its database is never opened."""
    folder = tmp_path_factory.mktemp("routes")
    return create_app(Settings(_env_file=None, instance_path=folder, secret_key="test"), TESTING=True)


@pytest.fixture
def world(cast: Cast, monkeypatch: pytest.MonkeyPatch, app: Flask) -> World:
    """An object of each kind in each place; forms are taken without tokens, and a failure is a page with status 500."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setitem(app.config, "TESTING", False)
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    return World.settle(cast)


ON_BOTH_DATABASES = {"binh", "kiem"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The doors are the same on both databases: PostgreSQL sees two readers, one with a scope and one without."""
    left = [item for item in items if _is_repeated(getattr(item, "callspec", None))]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _is_repeated(callspec: Any) -> bool:
    chosen = callspec.params if callspec else {}
    return chosen.get("database") == "postgresql" and chosen.get("reader", "binh") not in ON_BOTH_DATABASES


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, world: World, visitor: Visitor) -> tuple[Reader, Visitor]:
    """Each role in turn, signed in."""
    if request.param != "anonymous":
        visitor.sign_in(request.param)
    return READERS[request.param], visitor
