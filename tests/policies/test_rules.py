"""What a change does to a person, and where rules contradict each other."""

import pytest

from lms.goals.policy import parse
from lms.goals.rules import Duty, Status, chosen
from lms.policies.rules import Conflict, Kind, Outcome, clashes, kind_of, matched, same_demands, signs
from tests.goals.facts import DX_TEXT, day, serves

HEAD = 'code = "x"\ntitle = "X"\n'


def outcome(status: str, due: int, floor: int = 0, *missing: str) -> Outcome:
    minima = (("security", 0, floor),) if floor else ()
    return Outcome(Status(status), due, 0, minima, tuple(Duty(1, module) for module in missing))


@pytest.mark.parametrize(
    ("before", "after", "kind", "shown"),
    [
        (None, outcome("on-track", 24), Kind.NEW, {"new"}),
        (None, outcome("at-risk", 24), Kind.NEW, {"new", "behind"}),
        (outcome("met", 24), None, Kind.GONE, {"gone"}),
        (outcome("on-track", 24), outcome("on-track", 28), Kind.LOSE, {"lose", "more"}),
        (outcome("on-track", 24), outcome("at-risk", 28), Kind.LOSE, {"lose", "more", "behind"}),
        (outcome("at-risk", 24), outcome("overdue", 24, 0, "a"), Kind.LOSE, {"lose", "behind"}),
        (outcome("overdue", 24), outcome("at-risk", 12), Kind.GAIN, {"gain", "less"}),
        (outcome("met", 24), outcome("on-track", 20, 8), Kind.LOSE, {"lose", "less", "unmet"}),
        (outcome("on-track", 24), outcome("met", 24), Kind.GAIN, {"gain", "met"}),
        (outcome("on-track", 24, 4), outcome("on-track", 24, 8), Kind.LOSE, {"lose"}),
        (outcome("on-track", 24, 8), outcome("on-track", 24, 4), Kind.GAIN, {"gain"}),
        (outcome("on-track", 24, 0, "a"), outcome("on-track", 24), Kind.GAIN, {"gain"}),
        (outcome("on-track", 24), outcome("on-track", 24)._replace(earned=5), Kind.OTHER, {"other"}),
    ],
)
def test_gain_and_loss_are_told_as_a_person_would(
    before: Outcome | None, after: Outcome | None, kind: Kind, shown: set[str]
) -> None:
    assert kind_of(before, after) is kind
    assert {kind_of(before, after), *signs(before, after)} == shown


def test_several_rules_on_one_day_are_a_conflict_that_the_largest_wins() -> None:
    policy = parse(DX_TEXT + '\n[[rule]]\nrole = "focal-point"\nlevel = "commune"\nperiods = 32\nfrom = 2026-07-01\n')
    posts = chosen(policy, [serves("focal-point", level="commune"), serves("leader", "2026-10-01", level="commune")])
    found = matched(policy, posts, 2026)
    assert found.numbers == (3, 4, 8)
    assert found.conflicts == (
        Conflict(day("2026-07-01"), day("2026-10-01"), (3, 8), 8),
        Conflict(day("2026-10-01"), day("2027-01-01"), (3, 4, 8), 8),
    )
    assert matched(policy, posts, 2025).conflicts == ()


@pytest.mark.parametrize(
    ("after", "role", "year", "is_same"),
    [
        (DX_TEXT.replace("periods = 24", "periods = 25"), "dedicated", 2026, True),
        (DX_TEXT.replace("periods = 24", "periods = 25"), "focal-point", 2026, False),
        (DX_TEXT + "\n[[rule]]\nperiods = 50\nfrom = 2026-07-01\n", "leader", 2026, False),
        (DX_TEXT + "\n[[rule]]\nperiods = 50\nfrom = 2026-07-01\n", "leader", 2025, True),
        (DX_TEXT + "\n[[rule]]\nperiods = 50\nto = 2026-07-01\n", "leader", 2027, True),
        (DX_TEXT + '\n[[rule]]\nperiods = 0\nmodules = "m"\nto = 2026-07-01\n', "leader", 2027, False),
    ],
)
def test_people_of_whom_a_year_asks_the_same_need_not_be_judged(
    after: str, role: str, year: int, is_same: bool
) -> None:
    services = [serves(role)]
    assert same_demands(chosen(parse(DX_TEXT), services), chosen(parse(after), services), year) is is_same


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (DX_TEXT.partition("[[rule]]")[2], []),
        ('role = "a"\nperiods = 4\n[[rule]]\nrole = "a"\nperiods = 6\n', ["never-wins 1 2", "same-people 2 1"]),
        ('role = "a"\nperiods = 4\n[[rule]]\nrole = "a"\nperiods = 4\n', ["never-wins 2 1", "same-people 2 1"]),
        ('role = "a"\nperiods = 4\nto = 2026-07-01\n[[rule]]\nrole = "a"\nperiods = 6\nfrom = 2026-07-01\n', []),
        ('periods = 9\n[[rule]]\nrole = "a"\nlevel = "commune"\nperiods = 6\n', ["never-wins 2 1"]),
        ('periods = 9\n[[rule]]\nrole = "a"\nperiods = 6\nmodules = ["m"]\n', []),
        ('periods = 9\nfrom = 2026-01-01\n[[rule]]\nrole = "a"\nperiods = 6\n', []),
        (
            'role = ["a", "b"]\nperiods = 9\n[[rule]]\nrole = "b"\nnot = { level = "commune" }\nperiods = 6\n',
            ["never-wins 2 1"],
        ),
        ('not = { role = "a" }\nperiods = 9\n[[rule]]\nrole = "b"\nperiods = 6\n', []),
        ("periods = 9\nminima = { security = 10 }\n", ["minimum-above-base 1 0"]),
        ("periods = 9\nminima = { security = 6, digital = 6 }\n", ["minima-above-base 1 0"]),
    ],
)
def test_what_cannot_be_meant_is_found_without_people(rules: str, found: list[str]) -> None:
    policy = parse(f"{HEAD}[[rule]]{rules}" if rules.startswith("\n") else f"{HEAD}[[rule]]\n{rules}")
    assert [f"{clash.kind} {clash.rule} {clash.other}" for clash in clashes(policy)] == found
