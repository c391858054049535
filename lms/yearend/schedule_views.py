"""Pages of delivery: how often a unit's report is produced and announced, to whom, and what was sent."""

from flask import flash, redirect, render_template, url_for

from lms.access import Permission, allow
from lms.goals import queries as goals
from lms.language import gettext
from lms.yearend import actions, queries
from lms.yearend.forms import ScheduleForm
from lms.yearend.models import YearEndSchedule
from lms.yearend.rules import Every
from lms.yearend.views import Asked, Page, asked, yearend


@yearend.route("/units/<int:unit_id>/year-end/schedule", methods=["GET", "POST"])
@allow(Permission.WRITE_REPORTS)
def schedule(unit_id: int) -> Page:
    """When a unit's report is sent; the log of what was sent."""
    where, kept = asked(unit_id), queries.schedule(unit_id)
    form = _form(where, kept)
    if not form.validate_on_submit():
        page = render_template(
            "yearend/schedule.html",
            **where._asdict(),
            form=form,
            schedule=kept,
            deliveries=queries.deliveries(kept.id) if kept else (),
        )
        return page, 422 if form.errors else 200
    actions.set_schedule(
        unit_id=unit_id, policy=form.policy.data, every=form.every.data, account_ids=form.account_ids.data,
        is_paused=form.is_paused.data,
    )  # fmt: skip
    flash(gettext("yearend.saved"), "success")
    return redirect(url_for("yearend.schedule", **where.here))


def _form(where: Asked, kept: YearEndSchedule | None) -> ScheduleForm:
    new = {"policy": where.policy.code, "every": Every.DECEMBER.value}
    return ScheduleForm(
        goals.policies(where.year), queries.readers(where.unit.unit_id), obj=kept, data=None if kept else new
    )
