"""Pages of statistics. They hold counts and no names; what fewer than a handful did is not told."""

from functools import partial

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from lms import audit, clock, downloads
from lms.access import Permission, allow
from lms.analysis import advice, exports, queries, rules, words
from lms.analysis.queries import Wanted
from lms.authoring import queries as authoring
from lms.catalogue import queries as catalogue
from lms.catalogue.media import folder
from lms.pages import asked_id

analysis = Blueprint("analysis", __name__)
analysis.add_app_template_filter(words.seen, "seen")
analysis.add_app_template_filter(words.to_do, "to_do")

FORMS = ("xlsx", "csv")


@analysis.get("/teach/<course>/statistics")
@allow(Permission.TEACH)
def course(course: str) -> str:
    """A quiz and its questions: what to look at, how points spread, how far they can be trusted."""
    published, wanted = catalogue.current(course), _wanted()
    found = queries.statistics(published, wanted)
    return render_template(
        "analysis/course.html",
        content=published.content,
        published=published,
        wanted=wanted,
        versions=queries.versions(published.course_id),
        quiz=found.quiz,
        questions=found.present,
        advice=advice.advice(found),
        rules=rules,
        may_correct=authoring.may_write(queries.unit_of(published.course_id)),
    )


@analysis.get("/teach/<course>/statistics/<code>")
@allow(Permission.TEACH)
def question(course: str, code: str) -> str:
    """One question: what was chosen, by whom among the weak and the strong, and how it did in earlier versions."""
    published, wanted = catalogue.current(course), _wanted()
    found = queries.statistics(published, wanted)
    tally = found.of(code) or abort(404)
    number = found.number(code)
    return render_template(
        "analysis/question.html",
        content=published.content,
        published=published,
        pictures=published.pictures,
        wanted=wanted,
        number=number,
        tally=tally,
        figures=tally.figures,
        earlier=[form for form in found.earlier if form.question.id == code],
        advice=advice.on_question(tally, number, advice.usual_seconds(found.present)),
        letter=advice.letter,
        pictures_of=partial(folder, course),
        rules=rules,
        may_correct=authoring.may_write(queries.unit_of(published.course_id)),
        neighbours=_neighbours([form.question.id for form in found.present], number),
    )


@analysis.post("/teach/<course>/statistics.<form>")
@allow(Permission.TEACH)
def export(course: str, form: str) -> Response:
    """The figures of all questions as a table."""
    if form not in FORMS:
        abort(404)
    published = catalogue.current(course)
    found = queries.statistics(published, _wanted())
    audit.record("analysis.export", f"course:{published.course_id}", form=form)
    name = f"{course}-{clock.today().isoformat()}.{form}"
    return downloads.table(form, name, exports.COLUMNS, exports.lines(found))


def _wanted() -> Wanted:
    """What `?attempts=all` and `?version=` ask for."""
    return Wanted(only_first=request.args.get("attempts") != "all", version=asked_id("version"))


def _neighbours(codes: list[str], number: int) -> tuple[str | None, str | None]:
    """The questions before and after one."""
    before = codes[number - 2] if number > 1 else None
    return before, codes[number] if number < len(codes) else None
