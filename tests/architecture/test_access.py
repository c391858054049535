"""Each view says who may open it, each URL parameter is guarded, and the table of both is as it was reviewed."""

import re
from collections import defaultdict

import pytest
from flask import Flask

import lms.demo
from lms import create_app
from lms.access import REACH, UNSCOPED, UndeclaredView, permission_of
from lms.config import Settings
from lms.pages import Number
from tests.architecture.access_table import REVIEWED, lines, methods, rules

REWRITE = "Review the change, then write the table anew: .venv/bin/python -m tests.architecture.access_table"
FIXED = re.compile(r"[a-z0-9./-]*")
NUMBERS = re.compile(r".*_id|number|position")


def parameters(app: Flask) -> dict[str, set[str]]:
    """The routes by the URL parameters in them."""
    found: dict[str, set[str]] = defaultdict(set)
    for rule in rules(app):
        for name in rule.arguments:
            found[name].add(rule.rule)
    return found


def test_each_view_says_who_may_open_it(routes: Flask) -> None:
    assert all(permission_of(routes, rule.endpoint) for rule in rules(routes))


def test_a_silent_view_keeps_the_application_from_starting(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(lms.demo, "init_app", lambda app: app.add_url_rule("/silent", "silent", lambda: ""))
    settings = Settings(_env_file=None, instance_path=tmp_path_factory.mktemp("silent"), secret_key="test")
    with pytest.raises(UndeclaredView, match="silent"):
        create_app(settings)


def test_each_url_parameter_is_guarded_or_known_to_name_nobodys_object(routes: Flask) -> None:
    unguarded = {
        name: where for name, where in parameters(routes).items() if name not in REACH and name not in UNSCOPED
    }
    assert not unguarded


def test_each_guard_stands_before_some_url(routes: Flask) -> None:
    assert set(REACH) <= set(parameters(routes))


def test_each_unguarded_parameter_is_still_in_use(routes: Flask) -> None:
    assert set(UNSCOPED) <= set(parameters(routes))
    assert not set(UNSCOPED) & set(REACH)


def test_who_may_open_what_is_as_reviewed(routes: Flask) -> None:
    generated, reviewed = lines(routes), REVIEWED.read_text().splitlines()
    new, gone = sorted(set(generated) - set(reviewed)), sorted(set(reviewed) - set(generated))
    assert generated == reviewed, "\n".join([*(f"+ {line}" for line in new), *(f"- {line}" for line in gone), REWRITE])


def test_urls_are_in_kebab_case(routes: Flask) -> None:
    fixed = {rule.rule: re.sub(r"<[^>]*>", "", rule.rule) for rule in rules(routes)}
    assert not [rule for rule, part in fixed.items() if not FIXED.fullmatch(part)]


def test_ids_in_urls_are_numbers_and_nothing_else_is(routes: Flask) -> None:
    for rule in rules(routes):
        for name, converter in rule._converters.items():
            assert isinstance(converter, Number) == bool(NUMBERS.fullmatch(name)), rule.rule


def test_no_form_is_taken_without_its_token(routes: Flask) -> None:
    client = routes.test_client()
    for rule in rules(routes):
        if "POST" in methods(rule):
            address = re.sub(r"<[^>]*>", "1", rule.rule)
            assert client.post(address, data={"csrf_token": "forged"}).status_code == 400, rule.rule
