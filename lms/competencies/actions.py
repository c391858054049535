"""Writes of frames, pathways, and what was found in learning elsewhere."""

from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.competencies import queries
from lms.competencies.document import BadDocument
from lms.competencies.frame import Frame
from lms.competencies.models import ClaimCompetency, CompetencyFrame, LearningPathway
from lms.competencies.pathway import Pathway
from lms.competencies.queries import Versioned
from lms.db import db, insert
from lms.recognition.models import Claim


def load_frame(*, frame: Frame, by_id: int | None) -> CompetencyFrame | None:
    """Make a frame the next version of its code; None when the last one says the same. Raises `BadDocument`.

    A version that drops a component which courses build, or which was found in learning elsewhere, is refused.
    """
    if dropped := sorted(queries.used(frame.code) - set(frame.components)) if frame.components else []:
        raise BadDocument("drops-used", code=", ".join(dropped))
    version = _next(CompetencyFrame, frame, by_id)
    if version:
        audit.record(
            "competencies.load-frame", version, code=frame.code, number=version.number, components=len(frame.components)
        )
    return version


def load_pathway(*, pathway: Pathway, by_id: int | None) -> LearningPathway | None:
    """Make a pathway the next version of its code; None when the last one says the same."""
    version = _next(LearningPathway, pathway, by_id)
    if version:
        audit.record(
            "competencies.load-pathway", version, code=pathway.code, number=version.number, courses=len(pathway.courses)
        )
    return version


def name(*, claim: Claim, frame: str, component: str, level: int, by_id: int) -> ClaimCompetency:
    """Say that an accepted claim proves a component at a level; said again, the level is the new one."""
    key = {"claim_id": claim.id, "frame": frame, "component": component}
    said = {"level": level, "named_at": clock.now(), "named_by_id": by_id}
    statement = insert(ClaimCompetency).values(**key, **said)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=said))
    found = db.session.scalars(
        sa.select(ClaimCompetency).filter_by(**key), execution_options={"populate_existing": True}
    ).one()
    audit.record("competencies.name", claim, person=claim.person_id, competency=f"{frame}:{component}", level=level)
    return found


def take_back(*, claim: Claim, frame: str, component: str) -> None:
    """A claim does not prove a component after all; nothing happens when it never did."""
    for found in queries.named(claim.id):
        if (found.frame, found.component) == (frame, component):
            db.session.delete(found)
            db.session.flush()
            audit.record("competencies.take-back", claim, person=claim.person_id, competency=f"{frame}:{component}")


def _next(table: Versioned, document: Frame | Pathway, by_id: int | None) -> Any:
    """A new version unless the last says the same; when somebody else has just made it, none."""
    before = queries.last(table, document.code)
    if before and before.sha256 == document.sha256:
        return None
    number = before.number + 1 if before else 1
    values = {"code": document.code, "number": number, "sha256": document.sha256, "content": document.as_data()}
    made = insert(table).values(**values, loaded_at=clock.now(), loaded_by_id=by_id)
    key = db.session.scalar(made.on_conflict_do_nothing().returning(table.id))
    return db.session.get_one(table, key) if key else None
