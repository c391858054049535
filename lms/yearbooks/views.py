"""Pages of year books: closing, the official figures, lines with their derivation, adjustments, reopening."""

import json
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug.wrappers import Response

from lms import audit, clock, text
from lms.access import Permission, allow
from lms.db import OPEN_END
from lms.goals import queries as goals
from lms.goals.rules import HUNDREDTHS
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, page_of
from lms.yearbooks import actions, exports, queries, rules
from lms.yearbooks.forms import CloseForm, ReopenForm
from lms.yearbooks.models import BookVersion, YearBook
from lms.yearbooks.rules import Kind, Refused, State

yearbooks = Blueprint("yearbooks", __name__)

REFRESH_SECONDS = "2"

Page = str | Response | tuple[str, int]


@yearbooks.get("/units/<int:unit_id>/year-books")
@allow(Permission.READ_PEOPLE)
def unit(unit_id: int) -> str:
    """The books of a unit: every year of every policy that is open or was closed."""
    policies = goals.policies()
    return render_template(
        "yearbooks/unit.html",
        unit=network.unit(unit_id, clock.today()),
        rows=_years(unit_id),
        titles={policy.code: policy.title for policy in policies},
        rate=rules.rate,
    )


@yearbooks.route("/units/<int:unit_id>/year-books/close", methods=["GET", "POST"])
@allow(Permission.CLOSE_YEAR)
def close(unit_id: int) -> Page:
    """Close a year of a policy for a unit and all below it."""
    form = _close_form()
    if form.validate_on_submit() and (version := _begin(unit_id, form)):
        flash(gettext("book.begun"), "success")
        return redirect(url_for("yearbooks.book", book_id=version.book_id))
    page = render_template("yearbooks/close.html", unit=network.unit(unit_id, clock.today()), form=form)
    return page, 422 if form.errors else 200


@yearbooks.get("/year-books/<int:book_id>")
@allow(Permission.READ_PEOPLE)
def book(book_id: int) -> Page:
    """A book: the official figures, its versions, and what changed after the close."""
    found = queries.book(book_id)
    if not found.versions:
        abort(404)
    after = asked_id("after") or 0
    shown, more = page_of(queries.adjustments(book_id, after=after, limit=queries.PAGE + 1), queries.PAGE)
    job = queries.job_of(found.latest) if found.state == State.CLOSING else None
    has_stopped = found.state == State.CLOSING and (job is None or job.state == "failed")
    page = render_template(
        "yearbooks/book.html",
        book=found,
        policy=_title(found.policy),
        shown=found.shown,
        below=_units_below(found.shown),
        rate=rules.rate,
        job=job,
        has_stopped=has_stopped,
        check=queries.verification_of(found),
        adjustments=shown,
        more=more,
        moved=queries.after_adjustments(found.shown) if found.shown else {},
        hundredths=HUNDREDTHS,
    )
    response = make_response(page)
    if found.state == State.CLOSING and not has_stopped:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


@yearbooks.route("/year-books/<int:book_id>/reopen", methods=["GET", "POST"])
@allow(Permission.CLOSE_YEAR)
def reopen(book_id: int) -> Page:
    """Reopen a closed book, with a reason and a decision."""
    found, form = queries.book(book_id), ReopenForm()
    if form.validate_on_submit() and _reopen(found, form):
        flash(gettext("book.reopened"), "success")
        return redirect(url_for("yearbooks.book", book_id=book_id))
    page = render_template("yearbooks/reopen.html", book=found, policy=_title(found.policy), form=form)
    return page, 422 if form.errors else 200


@yearbooks.post("/year-books/<int:book_id>/resume")
@allow(Permission.CLOSE_YEAR)
def resume(book_id: int) -> Response:
    """Go on with a closing that was broken off."""
    found = queries.book(book_id)
    if found.state == State.CLOSING:
        actions.release(version=found.latest, account_id=current_user.account_id, actor=current_user.login)
    return redirect(url_for("yearbooks.book", book_id=book_id))


@yearbooks.post("/year-books/<int:book_id>/verify")
@allow(Permission.READ_PEOPLE)
def verify(book_id: int) -> Response:
    """Have the chain of a book checked."""
    found = queries.book(book_id)
    actions.verify(book=found, account_id=current_user.account_id, actor=current_user.login)
    flash(gettext("book.is-being-checked"), "success")
    return redirect(url_for("yearbooks.book", book_id=book_id))


@yearbooks.post("/year-books/<int:book_id>/export/<form>")
@allow(Permission.EXPORT)
def export(book_id: int, form: str) -> Response:
    """A version as a file."""
    version = _version(queries.book(book_id))
    if form not in exports.FORMS:
        abort(404)
    audit.record("yearbooks.export", version.book, form=form, version=version.number)
    return exports.export(version, form)


@yearbooks.get("/year-books/<int:book_id>/lines")
@allow(Permission.READ_PEOPLE)
def lines(book_id: int) -> str:
    """The people of a version, found by name or code."""
    version = _version(queries.book(book_id))
    query = text.clean(request.args.get("q", ""))[:100]
    found = queries.lines(version.id, query=query, after=asked_id("after") or 0)
    shown, more = page_of(found, queries.PAGE)
    return render_template(
        "yearbooks/lines.html",
        version=version,
        query=query,
        lines=shown,
        adjusted=queries.last_adjustments(version.id, [line.subject_id for line in shown]),
        more=more,
        hundredths=HUNDREDTHS,
    )


@yearbooks.get("/year-books/<int:book_id>/lines/<int:number>")
@allow(Permission.READ_PEOPLE)
def line(book_id: int, number: int) -> str:
    """A person's line: what was counted, and why it came out so, as it was closed."""
    version = _version(queries.book(book_id))
    found = queries.line(version.id, number)
    if found.kind != "person":
        abort(404)
    return render_template(
        "yearbooks/line.html",
        version=version,
        line=found,
        content=_dated(json.loads(found.content)),
        adjusted=queries.last_adjustments(version.id, [found.subject_id]).get(found.subject_id),
        hundredths=HUNDREDTHS,
    )


@yearbooks.get("/year-books/<int:book_id>/differences")
@allow(Permission.READ_PEOPLE)
def differences(book_id: int) -> str:
    """The people of whom a version says something else than the one before it."""
    found = queries.book(book_id)
    new = _version(found)
    old = next((version for version in reversed(found.done) if version.number < new.number), None) or abort(404)
    shown, more = page_of(queries.differing(old.id, new.id, after=asked_id("after") or 0), queries.PAGE)
    return render_template(
        "yearbooks/differences.html",
        old=old,
        new=new,
        rows=shown,
        more=more,
        hundredths=HUNDREDTHS,
    )


def _years(unit_id: int) -> list[tuple[str, int, YearBook | None]]:
    """(policy, year, book) of what is closed or may be, the newest year first."""
    closed = {(book.policy, book.year): book for book in queries.books(unit_id)}
    judged = {(policy.code, year) for policy, year in goals.by_year(goals.years())}
    asked = sorted(judged | set(closed), key=lambda goal: (-goal[1], goal[0]))
    return [(policy, year, closed.get((policy, year))) for policy, year in asked]


def _close_form() -> CloseForm:
    this_year = clock.today().year
    given = {"policy": request.args.get("policy"), "year": request.args.get("year", this_year - 1, type=int)}
    return CloseForm(goals.policies(), goals.years(), data=given | {"kind": Kind.FINAL.value})


def _begin(unit_id: int, form: CloseForm) -> BookVersion | None:
    try:
        version = actions.begin(
            unit_id=unit_id, policy=form.policy.data, year=form.year.data, kind=Kind(form.kind.data),
            as_of=form.as_of.data, reason=form.reason.data or "", by_id=current_user.account_id,
        )  # fmt: skip
    except Refused as refused:
        form.form_errors.append(gettext(f"book.refused.{refused.refusal}"))
        return None
    actions.release(version=version, account_id=current_user.account_id, actor=current_user.login)
    return version


def _reopen(found: YearBook, form: ReopenForm) -> bool:
    try:
        actions.reopen(
            book=found, reason=form.reason.data or "", authority=form.authority.data or "",
            authority_on=form.authority_on.data, by_id=current_user.account_id,
        )  # fmt: skip
    except Refused as refused:
        form.form_errors.append(gettext(f"book.refused.{refused.refusal}"))
        return False
    return True


def _version(found: YearBook) -> BookVersion:
    """The finished version that is asked for by its number; the one whose figures hold, unless told."""
    number = asked_id("version")
    chosen = found.shown if number is None else next((one for one in found.done if one.number == number), None)
    if chosen is None:
        raise NoResultFound
    return chosen


def _units_below(version: BookVersion | None) -> list[tuple[Any, dict[str, Any]]]:
    """The units directly below the book's, with their figures as closed."""
    if version is None:
        return []
    found = queries.units(version.id, version.book.unit_id)
    return [(line, json.loads(line.content)) for line in found]


def _dated(content: dict[str, Any]) -> dict[str, Any]:
    """A line's content with the days of posts and absences as days."""
    for span in (*content["posts"], *content["absences"]):
        span.update({edge: date.fromisoformat(span[edge]) for edge in ("from", "to")})
        span["is_open"] = span["to"] == OPEN_END
    return content


def _title(code: str) -> str:
    return next((policy.title for policy in goals.policies() if policy.code == code), code)
