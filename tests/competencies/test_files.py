"""The frames and pathways that ship: complete, consistent, and enough for every role's year."""

import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from lms.catalogue import frames as known_frames
from lms.catalogue.content import Draw, Outcome
from lms.competencies import frame, pathway
from lms.competencies.document import BadDocument
from lms.goals import rules as goals
from lms.goals.policy import parse
from lms.goals.selectors import Kind
from tests.architecture.source import ROOT
from tests.quizzes.bank import TRUE, quiz
from tests.quizzes.course import content

COURSES: dict[str, dict[str, Any]] = {
    path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "courses").glob("*/course.toml")
}
FRAMES = {path.stem: frame.parse(path.read_text("utf-8")) for path in (ROOT / "courses/competencies").glob("*.toml")}
PATHWAYS = [pathway.parse(path.read_text("utf-8")) for path in sorted((ROOT / "courses/paths").glob("*.toml"))]
POLICY = parse((ROOT / "courses/goals/dx.toml").read_text("utf-8"))
ROLES = sorted({role for rule in POLICY.rules for role in rule.who.role})


@pytest.mark.parametrize(
    ("code", "areas", "components"), [("digcomp-3.0", 5, 21), ("tt02-2025", 6, 24), ("qd757-2025", 0, 0)]
)
def test_the_frames_have_the_parts_that_could_be_verified(code: str, areas: int, components: int) -> None:
    found = FRAMES[code]
    assert (len(found.areas), len(found.components), len(found.levels)) == (areas, components, 4)
    assert (found.status == frame.INCOMPLETE) == (components == 0)
    assert all(one.description and one.en for one in found.components.values())


def test_a_frame_survives_being_kept() -> None:
    for found in FRAMES.values():
        assert frame.Frame.from_data(found.as_data()) == found
    for path in PATHWAYS:
        assert pathway.Pathway.from_data(path.as_data()) == path


@pytest.mark.parametrize("slug", sorted(COURSES))
def test_courses_name_only_competencies_that_frames_know(slug: str) -> None:
    known = known_frames.known(ROOT / "courses")
    for outcome in COURSES[slug]["outcome"]:
        for competency in outcome.get("competencies", ()):
            name, _, code = competency.partition(":")
            assert code in known[name], competency


def test_every_course_of_a_pathway_ships_and_every_course_stands_in_one() -> None:
    taught = {slug for path in PATHWAYS for slug in path.courses}
    assert taught == set(COURSES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("level", ["commune", "province"])
def test_each_year_of_a_roles_pathway_meets_that_years_goal(role: str, level: str) -> None:
    kind = Kind(role=role, level=level)
    meant = pathway.meant(PATHWAYS, kind)
    assert meant
    assert [judged(kind, meant, number) for number in range(len(meant.years))] == [goals.Status.MET] * len(meant.years)


def judged(kind: Kind, meant: pathway.Pathway, number: int) -> goals.Status | None:
    """The judgement on the year after so many others, in each of which the pathway's courses were completed in May."""
    credits = [
        goals.Credit(
            slug, COURSES[slug]["category"], round(COURSES[slug]["periods"] * 100), date(2026 + n, 5, 4).toordinal(),
            module=slug,
        )
        for n, year in enumerate(meant.years[: number + 1])
        for slug in year.courses
    ]  # fmt: skip
    service = goals.Service(date(2020, 1, 1).toordinal(), date(2040, 1, 1).toordinal(), kind.role, level=kind.level)
    facts = goals.Facts((service,), credits=credits)
    found = goals.evaluate(POLICY, facts, 2026 + number, date(2026 + number, 12, 31).toordinal())
    return found.status if found else None


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("code = 1 2", "bad-toml"),
        ('code = "x"\ncolour = "y"', "unknown-key"),
        ('code = "X y"\ntitle = "a"\nsource = "b"\nversion = "1"\nstatus = "complete"', "bad-code"),
        ('code = "x"\ntitle = "a"\nsource = "b"\nversion = "1"\nstatus = "done"', "bad-status"),
        ('code = "x"\ntitle = "a"\nsource = "b"\nversion = "1"\nstatus = "complete"', "need-levels"),
        ('code = "x"\ntitle = "a"\nsource = "b"\nversion = "1"\nstatus = "incomplete"', "missing"),
    ],
)
def test_what_is_wrong_with_a_frame_is_said(app: Flask, source: str, key: str) -> None:
    with pytest.raises(BadDocument) as told:
        frame.parse(source)
    assert told.value.key == key
    assert str(told.value)


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ('code = "x"\ntitle = "a"\nrole = ["leader"]', "no-courses"),
        ('code = "x"\ntitle = "a"\n[[year]]\ntitle = "Năm đầu"\ncourses = ["a"]', "for-nobody"),
        ('code = "x"\ntitle = "a"\nrole = ["leader"]\n[[year]]\ntitle = "1"\ncourses = ["a", "a"]', "double-course"),
        ('code = "x"\ntitle = "a"\nrole = "leader"\n[[year]]\ntitle = "1"\ncourses = ["a"]', "wrong-kind"),
    ],
)
def test_what_is_wrong_with_a_pathway_is_said(source: str, key: str) -> None:
    with pytest.raises(BadDocument) as told:
        pathway.parse(source)
    assert told.value.key == key


def test_the_pathway_that_asks_most_is_meant() -> None:
    commune = pathway.meant(PATHWAYS, Kind(role="focal-point", level="commune"))
    province = pathway.meant(PATHWAYS, Kind(role="focal-point", level="province"))
    teacher = pathway.meant(PATHWAYS, Kind(role="focal-point", level="commune", position="giao-vien"))
    assert [found.code for found in (commune, province, teacher) if found] == [
        "dau-moi-xa",
        "dau-moi",
        "giao-vien-y-te",
    ]
    assert pathway.meant(PATHWAYS, Kind(role="unknown")) is None


def test_the_commands_check_and_load_what_ships(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["competencies", "check"]).exit_code == 0
    first, second = (runner.invoke(args=["competencies", "load"]) for _ in range(2))
    assert first.output.count("bản 1") == len(FRAMES) + len(PATHWAYS)
    assert (second.exit_code, second.output) == (0, "")


def test_the_strict_check_of_courses_names_competencies_that_no_frame_knows(app: Flask) -> None:
    known = {"khung": frozenset({"1.1"}), "rong": frozenset[str]()}
    outcomes = (Outcome("o1", "", "", ("khung:1.1", "khung:9.9", "rong:1", "la:1")),)
    found = known_frames.hints(replace(content(quiz(Draw(1), questions=(TRUE,))), outcomes=outcomes), known)
    assert [(problem.key, problem.values["competency"], problem.is_hint) for problem in found] == [
        ("unknown-competency", "khung:9.9", True), ("unknown-frame", "la:1", True)
    ]  # fmt: skip
    assert all(str(problem) for problem in found)
