"""Reads of frames, pathways and the courses that build competencies. What is loaded is immutable, so it is kept."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased

from lms.catalogue import queries as catalogue
from lms.catalogue.content import Content
from lms.catalogue.models import CourseVersion
from lms.catalogue.queries import Published
from lms.competencies import rules
from lms.competencies.frame import Frame
from lms.competencies.models import ClaimCompetency, CompetencyFrame, LearningPathway
from lms.competencies.pathway import Pathway
from lms.competencies.rules import Offer
from lms.db import AnySelect, db, rows
from lms.learning.models import Completion

Versioned = type[CompetencyFrame] | type[LearningPathway]


def _current_of(table: Versioned) -> AnySelect:
    later = aliased(table)
    is_last = ~sa.exists().where(later.code == table.code, later.number > table.number)
    return sa.select(table.id, table.sha256, table.code).where(is_last).order_by(table.code)


_frames, _pathways = _current_of(CompetencyFrame), _current_of(LearningPathway)


def frames() -> list[Frame]:
    """The frames in their last versions, by code."""
    return [_frame(row.id, row.sha256) for row in rows(_frames)]


def frame(code: str) -> Frame:
    """A frame in its last version. Raises NoResultFound."""
    for found in frames():
        if found.code == code:
            return found
    raise NoResultFound


def chosen(code: str) -> tuple[Frame | None, list[Frame]]:
    """The frame that is asked for, else the first that says its components; and all that do."""
    told = [found for found in frames() if found.components]
    return next((found for found in told if found.code == code), told[0] if told else None), told


def last(table: Versioned, code: str) -> Any:
    """The last version of a frame or pathway as a row, None when there is none."""
    found = sa.select(table).where(table.code == code).order_by(table.number.desc()).limit(1)
    return db.session.scalars(found).one_or_none()


def history(code: str) -> Sequence[CompetencyFrame]:
    """The versions of a frame, newest first."""
    found = sa.select(CompetencyFrame).where(CompetencyFrame.code == code).order_by(CompetencyFrame.number.desc())
    return db.session.scalars(found).all()


def pathways() -> list[Pathway]:
    """The pathways in their last versions, by code."""
    return [_pathway(row.id, row.sha256) for row in rows(_pathways)]


def components_of(content: Content, frame: str) -> frozenset[str]:
    """The components of a frame that a course builds."""
    return frozenset(code for outcome in content.outcomes for code in codes(outcome.competencies, frame))


def codes(competencies: Collection[str], frame: str) -> list[str]:
    """Of an outcome's competencies (`frame:code`) the codes in a frame."""
    return [each.removeprefix(f"{frame}:") for each in competencies if each.startswith(f"{frame}:")]


def offers(frame: str) -> list[Offer]:
    """The courses on offer with the components of a frame that they build, in Vietnamese order."""
    return [offer(published, frame) for published in catalogue.offered()]


def offer(published: Published, frame: str) -> Offer:
    """What a version of a course builds."""
    content = published.content
    return Offer(content.slug, rules.course_level(content.level), components_of(content, frame))


def versions_building(frame: str) -> dict[int, Offer]:
    """What each version of any course that somebody has completed builds, by version id."""
    completed = sa.exists().where(
        Completion.course_id == CourseVersion.course_id,
        Completion.version_id == CourseVersion.id,
        Completion.withdrawn_at.is_(None),
    )
    ids = db.session.scalars(sa.select(CourseVersion.id).where(completed)).all()
    return {key: offer(published, frame) for key, published in catalogue.versions(ids).items()} if ids else {}


def used(frame: str) -> set[str]:
    """The components of a frame that courses on offer build, or that were found in learning elsewhere."""
    named = sa.select(ClaimCompetency.component).where(ClaimCompetency.frame == frame).distinct()
    built = {code for each in offers(frame) for code in each.components}
    return built | set(db.session.scalars(named))


def named(claim_id: int) -> Sequence[ClaimCompetency]:
    """What was found in a claim, in the order of the codes."""
    found = sa.select(ClaimCompetency).where(ClaimCompetency.claim_id == claim_id)
    return db.session.scalars(found.order_by(ClaimCompetency.frame, ClaimCompetency.component)).all()


@lru_cache(maxsize=64)
def _frame(frame_id: int, sha256: str) -> Frame:
    return _kept(CompetencyFrame, frame_id, Frame)


@lru_cache(maxsize=256)
def _pathway(pathway_id: int, sha256: str) -> Pathway:
    return _kept(LearningPathway, pathway_id, Pathway)


def _kept(table: Versioned, row_id: int, kind: Any) -> Any:
    content = sa.select(table.content).where(table.id == row_id)
    return kind.from_data(db.session.scalars(content).one())
