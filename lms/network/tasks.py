"""Jobs of the network."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from lms import clock, jobs
from lms.db import db
from lms.network import actions, imports
from lms.network.models import Assignment, UnitAncestor, UnitHeir


@jobs.task("network.draw-map", daily=True)
def draw_map(progress: jobs.Progress) -> dict[str, Any]:
    """The map of today: what was decided before comes into force on its day, and people are counted where they stand now."""
    last = db.session.scalar(sa.select(sa.func.min(UnitHeir.drawn_on))) or date.min
    changed = actions.rebuild_tree()
    moved = set(db.session.scalars(_serving_where_the_tree_changed(last, clock.today())))
    imports.recompute(moved)
    return {"changed": changed, "people": len(moved)}


def _serving_where_the_tree_changed(last: date, today: date) -> sa.Select[int]:
    """The people of units that got another place after the day `last`, up to today."""
    began = sa.and_(UnitAncestor.from_on > last, UnitAncestor.from_on <= today)
    ended = sa.and_(UnitAncestor.to_on > last, UnitAncestor.to_on <= today)
    units = sa.select(UnitAncestor.unit_id).where(sa.or_(began, ended), UnitAncestor.depth > 0)
    return sa.select(Assignment.person_id).where(Assignment.unit_id.in_(units), Assignment.to_on > last).distinct()
