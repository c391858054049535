"""How far the forecast of a unit's rate lies from what came: told on four days of a finished year of the generated nation.

For each province: the error in points of per cent, beside that of going on at the year's pace so far.

`python -m bench.forecast`
"""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from statistics import fmean

import sqlalchemy as sa

from bench.nation import application, build
from bench.report import Row, row, show
from lms import clock
from lms.db import db
from lms.goals import figures, rebuilding
from lms.goals.dashboard import counted
from lms.goals.forecast import Past, expected, met_by
from lms.network.models import UnitVersion

PEOPLE = 30_000
YEAR = 2026
DAYS = (date(YEAR, 3, 31), date(YEAR, 6, 30), date(YEAR, 9, 30), date(YEAR, 10, 31))


def run() -> list[Row]:
    """A row for each day on which the forecast is told."""
    with tempfile.TemporaryDirectory() as folder:
        app = application(f"sqlite:///{folder}/nation.sqlite", folder)
        with app.app_context(), clock.stopped(datetime(YEAR, 12, 31, 12, tzinfo=UTC)):
            build(PEOPLE, date(YEAR, 12, 31))
            rebuilding.rebuild(years=[YEAR - 1, YEAR], progress=lambda done, total: None)
            provinces = _provinces()
            years = [(_past(unit_id, YEAR - 1), _past(unit_id, YEAR)) for unit_id in provinces]
            db.session.close()
            db.engine.dispose()
    return [_told_on(day, years) for day in DAYS]


def _told_on(day: date, years: Sequence[tuple[Past, Past]]) -> Row:
    forecast = fmean(_error(last, now, day, last) for last, now in years)
    pace = fmean(_error(last, now, day, None) for last, now in years)
    return row(f"forecast on {day:%d/%m}, {len(years)} provinces: mean error", forecast, "points", pace, "< reference")


def _error(last: Past, now: Past, day: date, known: Past | None) -> float:
    """Points of per cent between the rate that was expected on a day and the one that came."""
    told = expected(round(met_by(now, day)), now.counted, day, known)
    return 100 * abs(told.met - now.met) / now.counted


def _provinces() -> Sequence[int]:
    return db.session.scalars(sa.select(UnitVersion.unit_id).where(UnitVersion.level == "province")).all()


def _past(unit_id: int, year: int) -> Past:
    months = figures.divided(unit_id, "dx", year, figures.MET_IN)
    return Past(counted(figures.of_unit(unit_id, "dx", year)), {int(m): sum(c.values()) for m, c in months.items()})


if __name__ == "__main__":
    show(run())
