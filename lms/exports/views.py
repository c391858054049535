"""Pages of exports: what is to be taken out, how far it is, and the file behind its private link."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.certificates import queries as certificates
from lms.exports import actions, links, queries, rules, storage
from lms.exports.forms import FilterForm
from lms.exports.queries import Asked
from lms.exports.rules import Form, Stage, Wanted
from lms.language import format_date, gettext, locale
from lms.network import queries as network
from lms.pages import asked_year

exports = Blueprint("exports", __name__)

Page = str | Response | tuple[str, int]


@exports.get("/units/<int:unit_id>/exports")
@allow(Permission.EXPORT)
def unit(unit_id: int) -> Page:
    """Which certificates are to leave the house, and how many these are."""
    form, year = _filter(request.args), asked_year()
    form.validate()
    return _unit_page(form, form.wanted_of(unit_id, year), year), 422 if form.errors else 200


@exports.post("/units/<int:unit_id>/exports")
@allow(Permission.EXPORT)
def ask(unit_id: int) -> Page:
    """Have them made into a file."""
    form, year, kind = _filter(request.form), asked_year(), request.form.get("form", "")
    is_sound = form.validate() and kind in set(Form)
    wanted = form.wanted_of(unit_id, year)
    if not is_sound:
        return _unit_page(form, wanted, year), 422
    found, under_way = queries.found(wanted), queries.under_way(current_user.account_id)
    if refusal := rules.refusal(kind, found=found.all, valid=found.valid, under_way=under_way):
        flash(gettext(f"exports.refused.{refusal}", **rules.LIMITS), "warning")
        return _unit_page(form, wanted, year), 422
    made = actions.ask(
        unit_id=unit_id,
        form=kind,
        wanted={**wanted.as_data(), "last_id": queries.last_id()},
        total=found.valid if kind == Form.BOOK else found.all,
        name=_name(wanted, kind),
        language=locale(),
        account_id=current_user.account_id,
        actor=current_user.login,
    )
    return _to(made.id)


@exports.get("/my/exports")
@allow(Permission.OWN)
def mine() -> str:
    """One's own exports, the latest first."""
    return render_template("exports/mine.html", exports=queries.mine(current_user.account_id))


@exports.get("/exports/<int:export_id>")
@allow(Permission.OWN)
def export(export_id: int) -> Page:
    """How far one's own export is, and the way to its file."""
    return _export_page(queries.asked(export_id))


@exports.post("/exports/<int:export_id>/cancel")
@allow(Permission.OWN)
def cancel(export_id: int) -> Response:
    """Stop what is not made yet."""
    actions.cancel(export=queries.asked(export_id).export)
    return _to(export_id)


@exports.post("/exports/<int:export_id>/try-again")
@allow(Permission.OWN)
def try_again(export_id: int) -> Response:
    """Begin anew what could not be made."""
    actions.try_again(export=queries.asked(export_id).export)
    return _to(export_id)


@exports.route("/exports/<int:export_id>/file/<code>", methods=["GET", "POST"])
@allow(Permission.OWN)
def file(export_id: int, code: str) -> Page:
    """The private link: its page, and by pressing the button there the file. Rights are asked again."""
    asked = queries.asked(export_id)
    if not links.is_good(asked.export, code):
        return _to(export_id)
    if asked.stage is Stage.EXPIRED:
        return _export_page(asked), 410
    if request.method == "GET" or asked.stage is not Stage.READY or not _may_still(asked):
        return _export_page(asked)
    actions.take(export=asked.export)
    return send_file(storage.path(export_id), as_attachment=True, download_name=asked.export.name)


def _filter(data: Any) -> FilterForm:
    form = FilterForm(data)
    form.offer(certificates.issuers(), queries.courses())
    form.offer_roles(network.role_codes())
    return form


def _unit_page(form: FilterForm, wanted: Wanted, year: int) -> str:
    day = clock.today()
    return render_template(
        "exports/unit.html",
        form=form,
        wanted=wanted,
        found=queries.found(wanted),
        unit=network.unit(wanted.unit_id, day),
        year=year,
        hidden=_as_fields(wanted, year),
    )


def _as_fields(wanted: Wanted, year: int) -> dict[str, Any]:
    """A filter as the fields that would give it."""
    last = format_date(wanted.last)
    chosen = {"role": wanted.role, "kind": wanted.kind, "state": wanted.state, "words": wanted.words}
    ids = {"course": wanted.course_id or "", "issuer": wanted.issuer_id or ""}
    return {"year": year, "start": format_date(wanted.start), "last": last, **chosen, **ids}


def _export_page(asked: Asked) -> str:
    export, job = asked.export, asked.job
    day = clock.today()
    return render_template(
        "exports/export.html",
        export=export,
        job=job,
        stage=asked.stage.value,
        step=rules.step(export.form, job.done, job.total) if job else None,
        trouble=export.trouble or rules.Trouble.OTHER.value,
        may_still=_may_still(asked),
        link=links.link(export) if asked.stage is Stage.READY else "",
        unit=network.unit(export.unit_id, day),
    )


def _may_still(asked: Asked) -> bool:
    return bool(current_user.reaches_unit(Permission.EXPORT, asked.export.unit_id))


def _name(wanted: Wanted, form: str) -> str:
    """«Giấy chứng nhận Phường Hải Châu 01-01-2026 31-12-2026»."""
    unit = network.unit(wanted.unit_id, clock.today())
    days = (f"{day:%d-%m-%Y}" for day in (wanted.start, wanted.last))
    kind, _, ending = form.partition(".")
    return rules.file_name(" ".join([gettext(f"export.{kind}"), unit.name, *days]), ending)


def _to(export_id: int) -> Response:
    return redirect(url_for("exports.export", export_id=export_id))
