"""Pages of questions on their way into the bank: hand in a file, see what is known of it, say what becomes of each."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import text
from lms.access import Permission, allow
from lms.banks import actions, queries, rules, telling
from lms.banks.forms import ArrivalForm, choices
from lms.banks.models import Arrival
from lms.banks.queries import Search
from lms.banks.rules import Choice, Kind, Match
from lms.banks.views import Page, banks
from lms.catalogue.check import CHECKS
from lms.catalogue.content import Question
from lms.catalogue.pictures import of_question
from lms.exchange import formats
from lms.exchange.carried import Carried, Remark
from lms.forms import Form
from lms.language import gettext

SHOWN = 100
"""How many questions of which the bank has something are shown at once; of the others what is usual is done."""


@banks.route("/teach/bank/arrivals/new", methods=["GET", "POST"])
@allow(Permission.TEACH)
def new_arrival() -> Page:
    """Read a file of any format and let its questions wait."""
    form = ArrivalForm()
    if form.validate_on_submit():
        name, content = text.clean(form.file.data.filename or ""), form.file.data.read()
        _, carried = formats.read(name, content)
        questions, remarks = sound(carried)
        if questions:
            arrival = actions.receive(
                unit_id=form.unit_id.data,
                sharing=form.sharing.data,
                name=name,
                questions=questions,
                remarks=remarks,
                known=queries.banked(Search()),
                by_id=current_user.account_id,
            )
            return redirect(url_for("banks.arrival", arrival_id=arrival.id))
        form.file.errors = [gettext("banks.no-questions"), *map(said, remarks[:20])]
    return render_template("banks/new_arrival.html", form=form), 422 if form.errors else 200


@banks.get("/teach/bank/arrivals/<int:arrival_id>")
@allow(Permission.TEACH)
def arrival(arrival_id: int) -> str:
    """What waits, beside what the bank has already."""
    found = queries.arrival(arrival_id)
    matches = [Match.from_data(data) for data in found.matches]
    doubts = [place for place, match in enumerate(matches) if match.kind is not Kind.NEW]
    known = {banked.item_id: banked for banked in queries.items(_named(matches[place] for place in doubts[:SHOWN]))}
    return render_template(
        "banks/arrival.html",
        arrival=found,
        counts={kind: sum(match.kind is kind for match in matches) for kind in Kind},
        pairs=[_pair(found, place, matches[place], known) for place in doubts[:SHOWN]],
        left_out=max(0, len(doubts) - SHOWN),
        remarks=[said(remark) for remark in found.remarks],
        own=queries.writable(set(known)),
        usual=rules.USUAL,
        topics=sorted({data["topic"] for data in found.questions}, key=text.sort_key),
        kinds=list(Kind),
        acts=list(Choice),
    )


@banks.post("/teach/bank/arrivals/<int:arrival_id>/accept")
@allow(Permission.TEACH)
def accept(arrival_id: int) -> Response:
    """Let them in as was said."""
    if not Form().validate_on_submit():
        abort(400)
    found = queries.arrival(arrival_id)
    own = queries.writable(_named([Match.from_data(data) for data in found.matches]))
    done = actions.accept(arrival=found, choices=choices(request.form), own=own, by_id=current_user.account_id)
    flash(gettext("banks.accepted", **{choice.value: count for choice, count in done.items()}), "success")
    return redirect(url_for("banks.index"))


@banks.post("/teach/bank/arrivals/<int:arrival_id>/discard")
@allow(Permission.TEACH)
def discard(arrival_id: int) -> Response:
    """Let none of them in."""
    if not Form().validate_on_submit():
        abort(400)
    actions.discard(arrival=queries.arrival(arrival_id))
    return redirect(url_for("banks.index"))


def sound(carried: Carried) -> tuple[list[Question], list[list[Any]]]:
    """The questions of a file as the bank keeps them, those left out that are not whole; and [place, key, values] of why."""
    topics, questions = dict(carried.topics), []
    remarks: list[Remark | list[Any]] = list(carried.remarks)
    for question in carried.questions:
        check = CHECKS.get(question.type)
        if problem := check(question) if check else "unknown-type":
            remarks.append([question.id, f"package.{problem}", {"question": question.id, "type": question.type}])
            continue
        remarks += [[question.id, "banks.remark.picture-stays", {"name": path}] for path in of_question(question)]
        topic = topics.get(question.topic, question.topic)
        questions.append(rules.as_banked(question, topic=topic, outcome=question.outcome))
    if carried.lessons or carried.media:
        left = {"lessons": len(carried.lessons), "media": len(carried.media)}
        remarks.append([carried.title or "–", "banks.remark.only-questions", left])
    return questions, [_as_data(remark) for remark in remarks]


def said(remark: Sequence[Any]) -> str:
    """A remark in the reader's language."""
    place, key, values = remark
    return f"{place}: {gettext(key, **values)}"


def _as_data(remark: Remark | list[Any]) -> list[Any]:
    if isinstance(remark, Remark):
        return [remark.place, f"exchange.{remark.key}", {name: str(value) for name, value in remark.values.items()}]
    return remark


def _named(matches: Iterable[Match]) -> set[int]:
    return {match.item_id for match in matches if match.kind not in (Kind.NEW, Kind.TWICE)}


def _pair(found: Arrival, place: int, match: Match, known: dict[int, rules.Banked]) -> dict[str, Any]:
    """An arriving question beside what the bank, or the same file, has."""
    if match.kind is Kind.TWICE:
        other, code = rules.question_of(found.questions[match.item_id]), ""
    elif banked := known.get(match.item_id):
        other, code = banked.question, banked.question.id
    else:
        other, code = None, ""
    arriving = rules.question_of(found.questions[place])
    return {
        "place": place,
        "match": match,
        "lines": telling.lines(arriving),
        "other": telling.lines(other) if other else [],
        "code": code,
    }
