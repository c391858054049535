"""The worked cases of docs/goal.md, on the rules and at the command line."""

from dataclasses import dataclass, field

import pytest
from flask import Flask

from lms.goals import trace
from lms.goals.policy import parse
from lms.goals.rules import Away, Credit, Facts, Judgement, Policy, Service, Waiver, evaluate
from lms.network.actions import rebuild_tree
from lms.network.models import Level
from tests.goals.facts import (
    DX_TEXT,
    MODULE,
    YEAR_END,
    away,
    day,
    exempt,
    finished_module,
    learns,
    publish,
    serves,
    store,
    told,
)
from tests.people import unit

HERE, DISTRICT, COMMUNE = 1, 2, 3
CODES = {HERE: "20242", DISTRICT: "503", COMMUNE: "20551"}

FOCAL_POINT_RULE = """role = "focal-point"
periods = 24
minima = { security = 4 }
"""
RAISED = DX_TEXT.replace(
    FOCAL_POINT_RULE,
    f'''{FOCAL_POINT_RULE}to = 2026-07-01
modules = ["{MODULE}"]

[[rule]]
role = "focal-point"
from = 2026-07-01
periods = 32
minima = {{ security = 8 }}
''',
)


@dataclass(frozen=True)
class Case:
    """One line of the table: what is known, and what must come out of it."""

    name: str
    facts: Facts
    days: int
    due: int
    status: str
    trace: str
    minima: str = ""
    earned: str = "0"
    missing: str = ""
    over: str = ""
    year: int = 2026
    as_of: str = YEAR_END
    unit: int = HERE
    policy: str = field(default=DX_TEXT, repr=False)


def someone(
    *services: Service,
    absences: tuple[Away, ...] = (),
    credits: tuple[Credit, ...] = (),
    waivers: tuple[Waiver, ...] = (),
) -> Facts:
    """A person who finished the course of the network long ago."""
    return Facts(services, absences, (finished_module(), *credits), waivers)


CASES = [
    Case(
        "1 dedicated all year, 42 periods with 8 of security",
        someone(serves("dedicated"), credits=(learns(34), learns(8, "security"))),
        days=365, due=40, minima="security=8/8", earned="42", status="met",
        trace="365 ngày chuyên trách × 40/365 = 40 → 40 tiết",
    ),
    Case(
        "2 focal point from 1 July",
        someone(serves("focal-point", "2026-07-01")),
        days=184, due=12, minima="security=0/2", status="not-met",
        trace="184 ngày đầu mối × 24/365 = 12,099 → 12 tiết",
    ),
    Case(
        "3 dedicated, on maternity leave from March to August",
        someone(serves("dedicated"), absences=(away("2026-03-01", "2026-09-01"),)),
        days=181, due=20, minima="security=0/4", status="not-met",
        trace="181 ngày chuyên trách × 40/365 = 19,836 → 20 tiết",
    ),
    Case(
        "4 focal point to 30 April, then dedicated",
        someone(serves("focal-point", "2020-01-01", "2026-05-01"), serves("dedicated", "2026-05-01")),
        days=365, due=35, minima="security=0/7", status="not-met",
        trace="120 ngày đầu mối × 24/365 + 245 ngày chuyên trách × 40/365 = 34,74 → 35 tiết",
    ),
    Case(
        "5 focal point and incident response at once",
        someone(serves("focal-point"), serves("incident-response", is_primary=False)),
        days=365, due=32, minima="security=0/24", status="not-met",
        trace="365 ngày đội ứng cứu sự cố × 32/365 = 32 → 32 tiết",
    ),
    Case(
        "6 a community member who joins on 1 December",
        Facts((serves("community-member", "2026-12-01"),)),
        days=31, due=0, status="not-applicable",
        trace="31 ngày thành viên tổ công nghệ số × 8/365 = 0,679 → 1 tiết; "
        "chỉ 31 ngày được tính nên không áp dụng số tiết",
    ),
    Case(
        "6 the same member a year later, without the orientation",
        Facts((serves("community-member", "2026-12-01"),)),
        year=2027, as_of="2027-01-31",
        days=365, due=8, missing=MODULE, status="overdue",
        trace="365 ngày thành viên tổ công nghệ số × 8/365 = 8 → 8 tiết",
    ),
    Case(
        "7 dedicated, sick for 20 days",
        someone(serves("dedicated"), absences=(away("2026-04-01", "2026-04-21"),)),
        days=365, due=40, minima="security=0/8", status="not-met",
        trace="365 ngày chuyên trách × 40/365 = 40 → 40 tiết",
    ),
    Case(
        "7 dedicated, sick for 45 days",
        someone(serves("dedicated"), absences=(away("2026-04-01", "2026-05-16"),)),
        days=320, due=35, minima="security=0/7", status="not-met",
        trace="320 ngày chuyên trách × 40/365 = 35,068 → 35 tiết",
    ),
    Case(
        "8 dedicated, 20 periods inside and 30 outside",
        someone(
            serves("dedicated"),
            credits=(learns(12), learns(8, "security"), learns(30, source="external", activity="Lớp ngoài")),
        ),
        days=365, due=40, minima="security=8/8", earned="40", status="met",
        over="Lớp ngoài: 10 tiết vượt trần bên ngoài",
        trace="365 ngày chuyên trách × 40/365 = 40 → 40 tiết",
    ),
    Case(
        "8 dedicated, 15 periods inside and 30 outside",
        someone(
            serves("dedicated"),
            credits=(learns(7), learns(8, "security"), learns(30, source="external", activity="Lớp ngoài")),
        ),
        days=365, due=40, minima="security=8/8", earned="35", status="not-met",
        over="Lớp ngoài: 10 tiết vượt trần bên ngoài",
        trace="365 ngày chuyên trách × 40/365 = 40 → 40 tiết",
    ),
    Case(
        "10 from a district of Quảng Nam to a commune of Đà Nẵng",
        someone(
            serves("dedicated", "2020-01-01", "2025-07-01", unit=DISTRICT),
            serves("focal-point", "2025-07-01", unit=COMMUNE),
        ),
        year=2025, as_of="2025-12-31", unit=COMMUNE,
        days=365, due=32, minima="security=0/6", status="not-met",
        trace="181 ngày chuyên trách × 40/365 + 184 ngày đầu mối × 24/365 = 31,934 → 32 tiết",
    ),
    Case(
        "10 the report dated 30 June still shows the district",
        someone(
            serves("dedicated", "2020-01-01", "2025-07-01", unit=DISTRICT),
            serves("focal-point", "2025-07-01", unit=COMMUNE),
        ),
        year=2025, as_of="2025-06-30", unit=DISTRICT,
        days=181, due=20, minima="security=0/4", status="at-risk",
        trace="181 ngày chuyên trách × 40/365 = 19,836 → 20 tiết",
    ),
    Case(
        "13 the rule for focal points is raised on 1 July",
        someone(serves("focal-point")),
        policy=RAISED,
        days=365, due=28, minima="security=0/6", status="not-met",
        trace="181 ngày đầu mối × 24/365 + 184 ngày đầu mối × 32/365 = 28,033 → 28 tiết",
    ),
    Case(
        "an exemption is shown as such, whatever is due",
        someone(serves("dedicated"), waivers=(exempt(2026),)),
        days=365, due=40, minima="security=0/8", status="exempt",
        trace="365 ngày chuyên trách × 40/365 = 40 → 40 tiết",
    ),
    Case(
        "a leap year has 366 days",
        someone(serves("dedicated"), credits=(learns(40, "security", "2028-02-29"),)),
        year=2028, as_of="2028-12-31",
        days=366, due=40, minima="security=40/8", earned="40", status="met",
        trace="366 ngày chuyên trách × 40/366 = 40 → 40 tiết",
    ),
]  # fmt: skip
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def judged(case: Case) -> Judgement:
    found = evaluate(parse(case.policy), case.facts, case.year, day(case.as_of))
    assert found is not None
    return found


@every_case
def test_the_rules_say(case: Case) -> None:
    found = judged(case)
    assert (found.demand.effective_days, found.due, found.status.value) == (case.days, case.due, case.status)
    assert ";".join(f"{c}={e / 100:g}/{m}" for c, e, m in found.minima) == case.minima
    assert f"{found.earned / 100:g}" == case.earned
    assert ";".join(duty.module for duty in found.missing) == case.missing
    assert found.unit_id == case.unit


@every_case
def test_the_reason_is_told_as_a_sentence(case: Case) -> None:
    found = judged(case)
    assert trace.sentence(found.demand, found.due) == case.trace
    assert trace.overflow(found) == ([case.over] if case.over else [])


@every_case
def test_what_is_stored_tells_the_same_sentence(case: Case) -> None:
    found = judged(case)
    assert trace.stored_sentence(trace.data(found), found.due, found.demand.effective_days) == case.trace


@every_case
def test_the_command_line_prints(case: Case, app: Flask) -> None:
    units = {
        HERE: unit("Phường Hải Châu", Level.COMMUNE, CODES[HERE]),
        DISTRICT: unit("Huyện Núi Thành", Level.DISTRICT, CODES[DISTRICT]),
        COMMUNE: unit("Xã Núi Thành", Level.COMMUNE, CODES[COMMUNE]),
    }
    rebuild_tree()
    publish(case.policy)
    store("an", case.facts, units)

    assert told(app, "evaluate", policy="dx", year=case.year, as_of=case.as_of, format="csv") == [
        {
            "person_id": "an",
            "unit_code": CODES[case.unit],
            "effective_days": str(case.days),
            "due": str(case.due),
            "earned": case.earned,
            "status": case.status,
            "minima": case.minima,
            "modules_missing": case.missing,
            "duplicates": "",
            "overflow": case.over,
            "trace": case.trace,
        }
    ]


def test_of_several_roles_the_modules_are_the_union() -> None:
    policy = with_modules({"focal-point": ["dau-moi"], "incident-response": ["ung-cuu", "an-toan"]})
    facts = Facts((serves("focal-point"), serves("incident-response", is_primary=False)))
    found = evaluate(policy, facts, 2026, day(YEAR_END))
    assert found is not None
    assert [duty.module for duty in found.missing] == ["an-toan", "dau-moi", "ung-cuu"]


def test_the_orientation_of_a_december_member_is_due_on_30_january() -> None:
    found = evaluate(parse(DX_TEXT), Facts((serves("community-member", "2026-12-01"),)), 2027, day("2027-01-30"))
    assert found is not None
    assert [(duty.module, duty.by_day) for duty in found.missing] == [(MODULE, day("2027-01-30"))]
    assert found.status == "on-track"


def test_moving_in_2025_leaves_the_year_2024_as_it_was() -> None:
    stayed = serves("dedicated", "2020-01-01", unit=DISTRICT)
    moved = (
        serves("dedicated", "2020-01-01", "2025-07-01", unit=DISTRICT),
        serves("focal-point", "2025-07-01", unit=COMMUNE),
    )
    policy, credits = parse(DX_TEXT), (finished_module(), learns(30, on="2024-05-05"))
    before = evaluate(policy, Facts((stayed,), credits=credits), 2024, day("2024-12-31"))
    after = evaluate(policy, Facts(moved, credits=credits), 2024, day("2025-12-31"))
    assert before and after and before.unit_id == after.unit_id == DISTRICT
    assert after._replace(post=before.post) == before


def with_modules(modules: dict[str, list[str]]) -> Policy:
    rules = [f'[[rule]]\nrole = "{role}"\nperiods = 8\nmodules = {names}\n' for role, names in modules.items()]
    return parse('code = "dx"\ntitle = "Thử"\nmodule_grace_days = 60\n' + "\n".join(rules))
