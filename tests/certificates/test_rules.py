"""What a paper is worth, what may be done with it, how it is numbered."""

from datetime import date, timedelta

import pytest

from lms.certificates import design, rules
from lms.certificates.rules import Act, Kind, State

DAY = date(2026, 9, 5)


@pytest.mark.parametrize(
    ("expires_on", "is_superseded", "is_revoked", "state"),
    [
        (None, False, False, State.VALID),
        (DAY + timedelta(1), False, False, State.VALID),
        (DAY, False, False, State.EXPIRED),
        (DAY - timedelta(1), False, False, State.EXPIRED),
        (None, True, False, State.SUPERSEDED),
        (DAY, True, False, State.SUPERSEDED),
        (None, False, True, State.REVOKED),
        (None, True, True, State.REVOKED),
        (DAY, True, True, State.REVOKED),
    ],
)
def test_the_graver_reason_is_told(
    expires_on: date | None, is_superseded: bool, is_revoked: bool, state: State
) -> None:
    found = rules.state(day=DAY, expires_on=expires_on, is_superseded=is_superseded, is_revoked=is_revoked)
    assert found is state


@pytest.mark.parametrize(
    ("state", "kind", "expires", "acts"),
    [
        (State.VALID, Kind.COURSE, False, {Act.CONFIRM, Act.REPLACE, Act.REVOKE}),
        (State.VALID, Kind.GOAL, True, {Act.CONFIRM, Act.REPLACE, Act.RENEW, Act.REVOKE}),
        (State.EXPIRED, Kind.PATH, True, {Act.CONFIRM, Act.RENEW, Act.REVOKE}),
        (State.SUPERSEDED, Kind.COURSE, True, set()),
        (State.REVOKED, Kind.ATTENDANCE, True, {Act.REINSTATE}),
        (State.VALID, Kind.CONFIRMATION, True, {Act.REVOKE}),
        (State.REVOKED, Kind.CONFIRMATION, True, {Act.REINSTATE}),
    ],
)
def test_each_state_allows_its_acts(state: State, kind: Kind, expires: bool, acts: set[Act]) -> None:
    assert set(rules.allowed(state, kind, expires=expires)) == acts


def test_soon_is_the_next_sixty_days() -> None:
    days = {n: rules.expires_soon(day=DAY, expires_on=DAY + timedelta(n)) for n in (-1, 0, 1, 60, 61)}
    assert days == {-1: False, 0: False, 1: True, 60: True, 61: False}
    assert not rules.expires_soon(day=DAY, expires_on=None)


@pytest.mark.parametrize(
    ("pattern", "printed"),
    [
        ("{number}/{year}/{issuer}", "12/2026/GCN-KHCN"),
        ("{number:06}/GCN-{issuer}", "000012/GCN-GCN-KHCN"),
        ("{year}-{number:04d}", "2026-0012"),
        ("Số {number}", "Số 12"),
    ],
)
def test_numbers_follow_the_pattern(pattern: str, printed: str) -> None:
    assert rules.pattern_problem(pattern) is None
    assert rules.label(pattern, number=12, year=2026, issuer="GCN-KHCN") == printed


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("{year}/{issuer}", "number-once"),
        ("{number}{number}", "number-once"),
        ("", "number-once"),
        ("{number", "braces"),
        ("number}", "braces"),
        ("{number}/{unit}", "unknown-part"),
        ("{number}/{}", "unknown-part"),
        ("{number.real}", "unknown-part"),
        ("{number!r}", "unknown-part"),
        ("{number:x}", "format"),
        ("{number:6}", "format"),
        ("{number:099}", "format"),
        ("{number}/{year:>99999}", "format"),
        ("{number:{year}}", "format"),
    ],
)
def test_a_pattern_that_keeps_no_register_is_refused(pattern: str, problem: str) -> None:
    assert rules.pattern_problem(pattern) == problem


def test_designs_know_all_kinds() -> None:
    assert set(design.KINDS) == set(Kind)
