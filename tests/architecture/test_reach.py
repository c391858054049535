"""Every door tried by everybody: each route with an id, in each place of the country, by each role.

The expected answers come from a table of their own: the permission from the reviewed GRANTS, the place from who stands
below whom. Out of reach is 404; without the permission 403; unknown people are sent to sign in.
"""

from collections import Counter
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lms.access import GRANTS, REACH, WHOLE, Permission, permission_of
from tests.architecture.access_table import methods, rules
from tests.architecture.world import Reader, World
from tests.page import Visitor

DESIGN_VIEWS = (
    "design", "save_design", "publish_design", "preview_design", "preview_pdf", "trial_sheet", "drop_design", "design_picture",
    "design_version", "take_design",
)  # fmt: skip
OTHERS = {"code": "dx", "form": "people.csv", "number": 1, "lesson": "01-bai-1", "filename": "a.png"}
OTHERS_AT = {
    **{f"authoring.{view}": {"filename": "quiz.toml"} for view in ("source", "save_source")},
    **{f"authoring.{view}": {"form": "gift"} for view in ("draft_file", "version_file")},
    "competencies.export": {"form": "counts"},
    **{f"certificates.{view}": {"code": "course"} for view in DESIGN_VIEWS},
    **{f"authoring.{view}": {"code": "q01"} for view in ("question", "save_question", "copy_question")},
}
"""What narrows an object down: something that is there."""
FORMS = {"accounts.end_grant": {"reason": ""}, "certificates.revoke": {"reason": ""}}
ELSEWHERE = {"accounts.sign_out", "pages.share_card"}
"""Signing out ends the round; the card of shared links is there once the assets are built."""
SENT_TO_SIGN_IN, FORBIDDEN, NOT_FOUND, LET_IN = "sent to sign in", "403", "404", "let in"
PLACES_TRIED = {SENT_TO_SIGN_IN: 1, FORBIDDEN: 1, LET_IN: 2}
"""Where the place does not decide, one is as good as all; every place out of reach is tried."""


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
    if permission in WHOLE and reader.over is not None:
        return FORBIDDEN
    if permission is Permission.READ_FIGURES:
        return LET_IN
    return LET_IN if reader.reaches(place) else NOT_FOUND


def answer(response: TestResponse) -> str:
    """What happened."""
    if response.status_code == 302 and response.location.startswith("/sign-in"):
        return SENT_TO_SIGN_IN
    return LET_IN if response.status_code in (200, 204, 302, 400, 422) else str(response.status_code)


def doors(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Each route with an id: rule, method, the parameter that is guarded."""
    for rule in rules(app):
        for name in sorted(rule.arguments & set(REACH) - {"course"}):
            yield from ((rule, method, name) for method in methods(rule))


def others(rule: Rule) -> dict[str, object]:
    """The parameters of a route that name nobody's object."""
    return {
        name: value for name, value in (OTHERS | OTHERS_AT.get(rule.endpoint, {})).items() if name in rule.arguments
    }


def ways(method: str, place: str) -> list[str]:
    """The methods to try: HEAD is a second door to each page, tried from next door and from abroad."""
    return ["GET", "HEAD"] if method == "GET" and place in ("hai_chau", "hue") else [method]


def test_nobody_gets_in_where_they_may_not_and_everybody_where_they_may(
    app: Flask, world: World, reader: tuple[Reader, Visitor]
) -> None:
    who, visitor = reader
    wrong = []
    for rule, method, name in doors(app):
        permission = permission_of(app, rule.endpoint)
        ids = world.objects(permission)
        tried: Counter[str] = Counter()
        for place, object_id in ids[name].items():
            there = {other: ids[other][place] for other in rule.arguments & set(ids)}
            values = there | {name: object_id} | others(rule)
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **values)
            right = expected(who, permission, name, place)
            tried[right] += 1
            if tried[right] > PLACES_TRIED.get(right, len(ids[name])):
                continue
            for way in ways(method, place):
                filled_in = FORMS.get(rule.endpoint) if way == "POST" else None
                found = answer(visitor.client.open(address, method=way, data=filled_in, buffered=True))
                if found != right:
                    wrong.append(f"{way} {address} ({place}): {found}, not {right}")
    assert not wrong, "\n".join(wrong)


def test_pages_without_an_id_open_to_those_who_hold_the_permission(app: Flask, reader: tuple[Reader, Visitor]) -> None:
    who, visitor = reader
    wrong = []
    for rule in rules(app):
        if rule.arguments or rule.endpoint in ELSEWHERE:
            continue
        for method in methods(rule):
            response = visitor.client.open(rule.rule, method=method, buffered=True)
            right = expected_without_place(who, permission_of(app, rule.endpoint))
            if answer(response) != right:
                wrong.append(f"{method} {rule.rule}: {answer(response)}, not {right}")
    assert not wrong, "\n".join(wrong)


def expected_without_place(reader: Reader, permission: Permission) -> str:
    """A permission over the installation itself must be held everywhere."""
    if permission is Permission.PUBLIC or reader.role is None:
        return LET_IN if permission is Permission.PUBLIC else SENT_TO_SIGN_IN
    holds = permission is Permission.OWN or permission in GRANTS[reader.role]
    return LET_IN if holds and (permission not in WHOLE or reader.over is None) else FORBIDDEN
