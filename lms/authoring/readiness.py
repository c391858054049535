"""Whether a draft can be published: what keeps it, what the coach says, and the rules of units."""

import sqlalchemy as sa

from lms import clock
from lms.authoring import rules
from lms.authoring.models import AuthoringRule, Draft, DraftAnswer
from lms.authoring.rules import Obstacle, State
from lms.catalogue.models import Course
from lms.catalogue.package import Package
from lms.coach import rules as coach
from lms.coach.rules import Hint
from lms.db import db
from lms.network.models import UnitAncestor


def obstacle(draft: Draft, package: Package) -> Obstacle | None:
    """What keeps a draft from being published now."""
    course = db.session.scalar(sa.select(Course).where(Course.slug == draft.slug))
    return rules.obstacle(
        is_open=draft.is_open,
        has_errors=package.content is None or bool(package.errors),
        is_taken=course is not None and course.unit_id != draft.unit_id,
        is_overtaken=course is not None and not knows(draft, course),
        needs_reviewer=needs_reviewer(draft.unit_id),
        is_approved=draft.state == State.APPROVED and draft.approved_revision == draft.revision,
    )


def knows(draft: Draft, course: Course) -> bool:
    """Whether a draft began from the current version of its course, or has caught up with it."""
    base = draft.based_on
    return base is not None and (base.course_id, base.number) == (course.id, course.current_number)


def needs_reviewer(unit_id: int | None) -> bool:
    """Whether what a unit publishes must be approved by another person: by its own rule, else by the nearest above."""
    if unit_id is None:
        return False
    above = sa.select(AuthoringRule.needs_reviewer).join(
        UnitAncestor, UnitAncestor.ancestor_id == AuthoringRule.unit_id
    )
    found = above.where(UnitAncestor.unit_id == unit_id, UnitAncestor.on(clock.today())).order_by(UnitAncestor.depth)
    return bool(db.session.scalar(found.limit(1)))


def own_rule(unit_id: int) -> bool | None:
    """Whether a unit itself says that another person must approve; None when it leaves that to the one above."""
    return db.session.scalar(sa.select(AuthoringRule.needs_reviewer).where(AuthoringRule.unit_id == unit_id))


def hints(draft: Draft, package: Package) -> list[Hint]:
    """What the coach says about a draft that can be read."""
    if package.content is None:
        return []
    return coach.hints(package.content, package.media, clock.today())


def intended(slug: str) -> dict[str, DraftAnswer]:
    """The hints about a course that are answered «as intended», by their codes."""
    found = db.session.scalars(sa.select(DraftAnswer).where(DraftAnswer.slug == slug))
    return {answer.code: answer for answer in found}
