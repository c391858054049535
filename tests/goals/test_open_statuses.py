"""Before the year's end: overdue for a module past its day, at risk when behind what the finished quarters ask."""

import pytest

from lms.goals.rules import Away, Credit, Facts, Judgement, Service, Waiver, evaluate
from tests.goals.facts import DX, LEGAL40, MODULE, away, day, exempt, finished_module, learns, serves

DEDICATED = serves("dedicated")


def asked(on: str, facts: Facts, year: int = 2026) -> Judgement:
    found = evaluate(DX, facts, year, day(on))
    assert found is not None
    return found


def status(
    on: str,
    *services: Service,
    earned: float = 0,
    absences: tuple[Away, ...] = (),
    waivers: tuple[Waiver, ...] = (),
    module: Credit | None = None,
    year: int = 2026,
) -> str:
    """The status of somebody who has earned some periods of security by the first days of the year."""
    credits = (learns(earned, "security", f"{year}-01-02"), module or finished_module())
    return asked(on, Facts(services, absences, credits, waivers), year).status.value


@pytest.mark.parametrize(
    ("on", "earned", "expected"),
    [
        ("2026-01-02", 0, "on-track"),
        ("2026-03-31", 0, "on-track"),  # no quarter is finished
        ("2026-04-01", 9.5, "at-risk"),  # 90 days ask for 40 × 90/365 = 9,86
        ("2026-04-01", 10, "on-track"),
        ("2026-06-30", 10, "on-track"),
        ("2026-07-01", 10, "at-risk"),  # 181 days ask for 19,84
        ("2026-07-01", 20, "on-track"),
        ("2026-10-01", 29.5, "at-risk"),  # 273 days ask for 29,92
        ("2026-10-01", 30, "on-track"),
        ("2026-12-30", 30, "on-track"),
        ("2026-12-31", 30, "not-met"),
        ("2026-04-01", 40, "met"),
        ("2026-12-31", 40, "met"),
        ("2027-05-05", 30, "not-met"),
    ],
)
def test_of_a_dedicated_officer(on: str, earned: float, expected: str) -> None:
    assert status(on, DEDICATED, earned=earned) == expected


@pytest.mark.parametrize(
    ("on", "earned", "expected"),
    [
        ("2026-06-30", 0, "on-track"),  # of the days served none lies in a finished quarter
        ("2026-07-01", 0, "at-risk"),
        ("2026-07-01", 5, "on-track"),  # 45 of 229 days ask for 25 × 45/229 = 4,91
        ("2026-07-01", 4.5, "at-risk"),
    ],
)
def test_who_joins_on_17_may_is_measured_by_the_days_served(on: str, earned: float, expected: str) -> None:
    assert status(on, serves("dedicated", "2026-05-17"), earned=earned) == expected


def test_days_of_long_absence_ask_for_nothing() -> None:
    leave = (away("2026-01-01", "2026-04-01"),)
    assert status("2026-06-30", DEDICATED, absences=leave) == "on-track"
    assert status("2026-07-01", DEDICATED, absences=leave) == "at-risk"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-05-01", "on-track"),  # the 60th day after 2 March
        ("2026-05-02", "overdue"),
        ("2026-12-30", "overdue"),
        ("2026-12-31", "not-met"),
    ],
)
def test_a_module_is_overdue_the_day_after_its_day(on: str, expected: str) -> None:
    newcomer = serves("community-member", "2026-03-02")
    assert status(on, newcomer, earned=20, module=learns(1)) == expected


def test_overdue_is_said_before_at_risk() -> None:
    assert status("2026-07-01", serves("dedicated", "2026-01-01"), module=learns(1)) == "overdue"


def test_a_module_that_was_waived_is_not_overdue() -> None:
    waivers = (exempt(2026, "module", MODULE),)
    assert status("2026-07-01", DEDICATED, earned=20, module=learns(1), waivers=waivers) == "on-track"


def test_a_module_done_on_that_very_day_is_done() -> None:
    newcomer = serves("community-member", "2026-03-02")
    late = learns(1, on="2026-05-01", module=MODULE)
    assert status("2026-05-01", newcomer, earned=20, module=late) == "met"


def test_a_module_done_in_the_next_year_does_not_mend_this_one() -> None:
    late = learns(4, on="2027-01-10", module=MODULE)
    assert status("2027-02-01", DEDICATED, earned=40, module=late) == "not-met"
    assert status("2027-02-01", DEDICATED, earned=40, module=late, year=2027) == "met"


def test_who_serves_too_short_owes_modules_and_no_periods() -> None:
    guest = serves("dedicated", "2026-01-01", "2026-03-20")
    assert status("2026-02-01", guest) == "not-applicable"
    assert status("2026-02-01", guest, module=learns(1)) == "on-track"
    assert status("2026-03-19", guest, module=learns(1)) == "overdue"
    assert status("2026-12-31", guest, module=learns(1)) == "not-met"


def test_who_leaves_before_the_grace_ends_owes_no_module() -> None:
    guest = serves("dedicated", "2026-01-01", "2026-03-01")
    assert status("2026-12-31", guest, module=learns(1)) == "not-applicable"


def test_an_exemption_holds_from_its_day_until_it_is_revoked() -> None:
    waivers = (exempt(2026, start="2026-02-01", revoked_day=day("2026-08-01")),)
    days = ("2026-01-31", "2026-02-01", "2026-07-31", "2026-08-01")
    assert [status(on, DEDICATED, waivers=waivers) for on in days] == ["on-track", "exempt", "exempt", "at-risk"]


@pytest.mark.parametrize("elsewhere", [exempt(2025), exempt(2027), exempt(2026, policy="legal40")])
def test_an_exemption_from_another_year_or_policy_changes_nothing(elsewhere: Waiver) -> None:
    assert status("2026-12-31", DEDICATED, waivers=(elsewhere,)) == "not-met"


def test_a_category_may_be_waived_while_the_periods_stay_due() -> None:
    facts = Facts(
        (DEDICATED,), credits=(finished_module(), learns(40)), waivers=(exempt(2026, "category", "security"),)
    )
    found = asked("2026-12-31", facts)
    assert (found.status, found.due, found.minima) == ("met", 40, ())


def test_a_missing_minimum_is_enough_not_to_have_met() -> None:
    facts = Facts((DEDICATED,), credits=(finished_module(), learns(40), learns(7.5, "security")))
    assert asked("2026-12-31", facts).status == "not-met"


def test_asked_before_the_year_begins_nobody_is_behind() -> None:
    assert status("2026-11-15", DEDICATED, year=2027) == "on-track"


def test_what_is_not_known_yet_does_not_count() -> None:
    facts = Facts(
        (serves("focal-point", end="2026-07-01"), serves("dedicated", "2026-07-01")),
        absences=(away("2026-08-01", "2026-12-01"),),
        credits=(finished_module(), learns(30, "security", "2026-09-01")),
    )
    found = asked("2026-06-30", facts)
    assert (found.due, found.earned, found.demand.effective_days) == (12, 0, 181)


def test_nobody_is_judged_by_a_policy_that_does_not_concern_them() -> None:
    assert evaluate(DX, Facts((serves("trainer"),)), 2026, day("2026-12-31")) is None
    assert evaluate(LEGAL40, Facts((serves("dedicated", employment="volunteer"),)), 2026, day("2026-12-31")) is None


def test_the_legal_forty_periods_are_due_in_whole_however_short_the_year() -> None:
    joined = serves("dedicated", "2026-12-01", employment="civil-servant")
    found = evaluate(LEGAL40, Facts((joined,)), 2026, day("2026-12-31"))
    assert found is not None
    assert (found.due, found.status) == (40, "not-met")
