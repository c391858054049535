"""What a person has shown, component by component, with the evidence, and what may come next."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.certificates.models import Certificate
from lms.competencies import queries, rules
from lms.competencies.frame import Area, Component, Frame
from lms.competencies.models import ClaimCompetency
from lms.competencies.rules import Evidence, Next
from lms.db import AnyRow, db
from lms.learning.models import Completion
from lms.quizzes import queries as quizzed
from lms.quizzes import rules as quiz_rules
from lms.quizzes.models import Answer, Attempt
from lms.recognition.models import Claim

Scores = Mapping[str, tuple[Fraction, Fraction]]  # points earned and worth, by outcome


@dataclass(frozen=True)
class Line:
    """A component, the level that is shown, why, and what may come next."""

    component: Component
    level: int
    evidence: Sequence[Evidence]
    next: Next


@dataclass(frozen=True)
class Profile:
    """All components of a frame by area; `titles` of the courses that are named."""

    frame: Frame
    areas: Sequence[tuple[Area, Sequence[Line]]]
    titles: Mapping[str, str]

    @property
    def lines(self) -> list[Line]:
        return [line for _, lines in self.areas for line in lines]

    @property
    def shown(self) -> int:
        """How many components are shown, at whatever level."""
        return sum(line.level > rules.NOT_SHOWN for line in self.lines)


def of(person_id: int, frame: Frame, offered: Sequence[Published]) -> Profile:
    """The profile of a person in a frame, by a fixed number of statements; `offered` are the courses on offer."""
    offers = [queries.offer(published, frame.code) for published in offered]
    found: dict[str, list[Evidence]] = defaultdict(list)
    completed = _completed(person_id)
    versions = catalogue.versions([row.version_id for row in completed]) if completed else {}
    for each in [*_by_courses(completed, versions, frame.code), *_by_claims(person_id, frame.code)]:
        found[each.component].append(each)

    def line(component: Component) -> Line:
        evidence = sorted(found[component.code], key=lambda each: (-each.level, each.on))
        level = rules.shown(evidence)
        return Line(component, level, evidence, rules.following(component.code, level, offers))

    areas = [(area, [line(component) for component in area.components]) for area in frame.areas]
    return Profile(frame, areas, catalogue.titles([*versions.values(), *offered]))


def _completed(person_id: int) -> Sequence[AnyRow]:
    """Standing completions: version_id, completed_on, attempt_id, seed of the attempt, and the label of a valid certificate."""
    stands = Certificate.revoked_at.is_(None), Certificate.successor_id.is_(None)
    paper = sa.and_(Certificate.completion_id == Completion.id, *stands)
    found = (
        sa.select(
            Completion.version_id, Completion.completed_on, Completion.attempt_id, Attempt.seed, Certificate.label
        )
        .outerjoin(Attempt, Attempt.id == Completion.attempt_id)
        .outerjoin(Certificate, paper)
        .where(Completion.person_id == person_id, Completion.withdrawn_at.is_(None))
    )
    return db.session.execute(found.order_by(Completion.completed_on, Completion.id)).all()


def _by_courses(completed: Sequence[AnyRow], versions: Mapping[int, Published], frame: str) -> Iterator[Evidence]:
    answers, changes = _answers(completed), quizzed.changes_of(versions) if versions else {}
    for row in completed:
        content = versions[row.version_id].content
        scores = _scores(versions[row.version_id], row.seed, answers[row.attempt_id], changes.get(row.version_id, ()))
        for component in sorted(queries.components_of(content, frame)):
            building = [o.id for o in content.outcomes if component in queries.codes(o.competencies, frame)]
            earned, worth = (sum((scores[o][n] for o in building if o in scores), Fraction(0)) for n in (0, 1))
            yield Evidence(
                component, rules.course_level(content.level), row.completed_on, course=content.slug,
                certificate=row.label or "", earned=earned, worth=worth,
            )  # fmt: skip


def _by_claims(person_id: int, frame: str) -> Iterator[Evidence]:
    """What was accepted of learning elsewhere; a claim whose periods no longer count proves nothing."""
    found = (
        sa.select(ClaimCompetency.component, ClaimCompetency.level, Claim.completed_on, Claim.title)
        .join(Claim, Claim.id == ClaimCompetency.claim_id)
        .where(Claim.person_id == person_id, Claim.credit_id.is_not(None), ClaimCompetency.frame == frame)
    )
    for row in db.session.execute(found.order_by(Claim.id)):
        yield Evidence(row.component, row.level, row.completed_on, claim=row.title)


def _answers(completed: Sequence[AnyRow]) -> Mapping[int | None, Mapping[str, AnyRow]]:
    """The answers of the attempts that passed, by attempt and question."""
    ids = [row.attempt_id for row in completed if row.attempt_id]
    found: dict[int | None, dict[str, AnyRow]] = defaultdict(dict)
    columns = sa.select(Answer.attempt_id, Answer.question, Answer.response, Answer.points)
    for row in db.session.execute(columns.where(Answer.attempt_id.in_(ids))) if ids else ():
        found[row.attempt_id][row.question] = row
    return found


def _scores(published: Published, seed: str | None, answers: Mapping[str, AnyRow], changes: Any) -> Scores:
    """Points by outcome in an attempt, as it is marked now."""
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for shown in quizzed.drawn(published, seed) if seed else ():
        question, answer = shown.question, answers.get(shown.question.id)
        worth = quiz_rules.worth(question, changes)
        share = quiz_rules.share(
            question, answer.response if answer else [], answer.points if answer else None, changes
        )
        earned, of_all = found.get(question.outcome, (Fraction(0), Fraction(0)))
        found[question.outcome] = earned + share * worth, of_all + worth
    return found
