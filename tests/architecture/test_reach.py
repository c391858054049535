"""Every door tried by everybody: each route with an id, in each place of the country, by each role.

The expected answers come from a table of their own: the permission from the reviewed GRANTS, the place from who stands
below whom. Out of reach is 404; without the permission 403; unknown people are sent to sign in.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms import clock
from lms.access import GRANTS, REACH, WHOLE, Permission, Role, permission_of
from lms.goals import actions as goals
from tests.architecture.access_table import methods, rules
from tests.architecture.source import ROOT
from tests.architecture.world import READERS, Reader, World
from tests.page import Visitor
from tests.people import Cast, person, post, unit

OTHERS = {"form": "people.csv"}
FORMS = {"accounts.end_grant": {"reason": ""}, "certificates.revoke": {"reason": ""}}
SENT_TO_SIGN_IN, FORBIDDEN, NOT_FOUND, LET_IN = "sent to sign in", "403", "404", "let in"


@pytest.fixture
def world(cast: Cast, monkeypatch: pytest.MonkeyPatch, app: Flask) -> World:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    return World.settle(cast)


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, world: World, visitor: Visitor) -> tuple[Reader, Visitor]:
    if request.param != "anonymous":
        visitor.sign_in(request.param)
    return READERS[request.param], visitor


def expected(reader: Reader, permission: Permission, parameter: str, place: str) -> str:
    """What the design says."""
    if permission is Permission.PUBLIC:
        return LET_IN
    if reader.role is None:
        return SENT_TO_SIGN_IN
    if permission is Permission.OWN:
        return LET_IN if place == reader.serves else NOT_FOUND
    if permission not in GRANTS[reader.role]:
        return FORBIDDEN
    return LET_IN if reader.reaches(place) else NOT_FOUND


def answer(response: TestResponse) -> str:
    """What happened."""
    if response.status_code == 302 and response.location.startswith("/sign-in"):
        return SENT_TO_SIGN_IN
    return LET_IN if response.status_code in (200, 204, 302, 422) else str(response.status_code)


def doors(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Each route with an id: rule, method, the parameter that is guarded."""
    for rule in rules(app):
        guarded = [name for name in rule.arguments if name in REACH and name != "course"]
        for method in [*methods(rule), *(["HEAD"] if "GET" in methods(rule) else [])]:
            for name in guarded:
                yield rule, method, name


def test_nobody_gets_in_where_they_may_not_and_everybody_where_they_may(
    app: Flask, world: World, reader: tuple[Reader, Visitor]
) -> None:
    who, visitor = reader
    wrong = []
    for rule, method, name in doors(app):
        permission = permission_of(app, rule.endpoint)
        for place, object_id in world.ids[name].items():
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **{n: OTHERS[n] for n in rule.arguments if n in OTHERS}, **{name: object_id})
            response = visitor.client.open(address, method=method, data=FORMS.get(rule.endpoint) if method == "POST" else None)
            right = expected(who, permission, name, place)
            if answer(response) != right:
                wrong.append(f"{method} {address} ({place}): {answer(response)}, not {right}")
    assert not wrong, "\n".join(wrong)
