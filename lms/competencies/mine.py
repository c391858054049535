"""The pathways of a person: those meant for their posts of today, and how far they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_login import current_user

from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course
from lms.catalogue.queries import Published
from lms.clock import today
from lms.competencies import pathway, queries, rules
from lms.competencies.pathway import Pathway, Year
from lms.db import db, rows
from lms.goals.selectors import Kind
from lms.learning.models import Completion
from lms.network.models import Assignment, Post, UnitVersion


@dataclass(frozen=True)
class Walk:
    """A pathway as somebody walks it: `done` are slugs of completed courses, `offered` the courses that can be taken."""

    pathway: Pathway
    done: Collection[str]
    offered: Mapping[str, Published]

    @property
    def number(self) -> int:
        """The year in which they are, from 1."""
        return rules.present_year([year.courses for year in self.pathway.years], self.done) + 1

    @property
    def year(self) -> Year:
        return self.pathway.years[self.number - 1]

    @property
    def finished(self) -> int:
        """How many courses of the year are completed."""
        return sum(slug in self.done for slug in self.year.courses)

    @property
    def next(self) -> Published | None:
        """The next course of the year that can be taken."""
        left = [self.offered[slug] for slug in self.year.courses if slug not in self.done and slug in self.offered]
        return left[0] if left else None

    def periods(self, year: Year) -> float:
        """The periods of a year's courses."""
        return sum(self.offered[slug].content.periods for slug in year.courses if slug in self.offered)


_posts = (
    sa.select(Assignment.role, UnitVersion.level, Post.code.label("position"))
    .join(
        UnitVersion,
        sa.and_(
            UnitVersion.unit_id == Assignment.unit_id,
            UnitVersion.from_on <= sa.bindparam("day"),
            UnitVersion.to_on > sa.bindparam("day"),
        ),
    )
    .outerjoin(Post, Post.id == Assignment.position_id)
    .where(
        Assignment.person_id == sa.bindparam("person_id"),
        Assignment.from_on <= sa.bindparam("day"),
        Assignment.to_on > sa.bindparam("day"),
    )
    .order_by(Assignment.is_primary.desc(), Assignment.from_on, Assignment.id)
)


def walks(person_id: int, offered: Sequence[Published]) -> list[Walk]:
    """A person's pathways, that of the primary post first; each once. `offered` are the courses on offer."""
    posts = rows(_posts, person_id=person_id, day=today())
    known = queries.pathways() if posts else []
    kinds = [Kind(role=row.role, level=row.level, position=row.position or "") for row in posts]
    meant = {found.code: found for kind in kinds if (found := pathway.meant(known, kind))}
    if not meant:
        return []
    done, by_slug = _done(person_id), {each.content.slug: each for each in offered}
    return [Walk(found, done, by_slug) for found in meant.values()]


def first() -> Walk | None:
    """The reader's own first pathway, for the start page."""
    found = walks(current_user.person_id, catalogue.offered())
    return found[0] if found else None


def _done(person_id: int) -> frozenset[str]:
    """The slugs of completed courses."""
    mine = sa.select(Course.slug).join(Completion, Completion.course_id == Course.id)
    return frozenset(
        db.session.scalars(mine.where(Completion.person_id == person_id, Completion.withdrawn_at.is_(None)))
    )
