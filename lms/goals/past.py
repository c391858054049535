"""Reports as of a past day (what was true then), by what was known at an instant (what the system knew then).

Facts are judged anew for each question, in a job over all cores; the answer keeps its file. The same question has the same
answer for ever, because nothing that is known at an instant changes after it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import send_file
from werkzeug.wrappers import Response

from lms import clock, files, history, jobs, workbooks
from lms.catalogue import queries as catalogue
from lms.cores import Chunk, spread
from lms.db import db, is_among, reading
from lms.goals import facts, figures, queries, rules, trace
from lms.goals.figures import Tree
from lms.goals.rules import Judgement, Policy
from lms.jobs import Job
from lms.language import gettext
from lms.network import queries as network
from lms.network.models import Assignment, Person, UnitAncestor, UnitHeir

COLUMNS = ("code", "full-name", "unit", "due", "earned", "status", "reasons")


class Question(NamedTuple):
    """What is asked of a unit; `map` is the tree by which people are counted: `was` or `today`."""

    unit_id: int
    policy: str
    year: int
    as_of: date
    known_at: datetime
    map: str

    @property
    def address(self) -> dict[str, Any]:
        """The question as arguments of an address."""
        known_at = self.known_at.astimezone(clock.VIETNAM).replace(tzinfo=None).isoformat()
        days = {"as-of": f"{self.as_of:%d/%m/%Y}", "known-at": known_at, "map": self.map}
        return {"policy": self.policy, "year": self.year, **days}

    @property
    def key(self) -> str:
        """The key of its job."""
        return ":".join(["past", str(self.unit_id), *map(str, self.address.values())])


class Kept(NamedTuple):
    """What a process keeps while it judges."""

    question: Question
    policy: Policy
    tree: Tree
    titles: Mapping[str, str]


def ask(question: Question, *, account_id: int | None, actor: str) -> Job:
    """Have a question answered, once; again, when it failed."""
    job = jobs.enqueue(
        "goals.past", key=question.key, account_id=account_id, actor=actor, unit_id=question.unit_id,
        **{name.replace("-", "_"): value for name, value in question.address.items()},
    )  # fmt: skip
    if job.state == "failed":
        job.state, job.attempts, job.error = "queued", 0, None
    return job


def job_of(question: Question) -> Job | None:
    """The work on a question."""
    return jobs.by_key(question.key)


def answer(job: Job | None) -> Mapping[str, Any] | None:
    """What was found: `counts` by status, and `below`: name and counts of each unit directly below."""
    return job.result if job and job.state == "done" else None


def download(question: Question, found: Mapping[str, Any]) -> Response:
    """The people of an answer."""
    name = f"{gettext('export.people')} {question.year} {question.as_of}.csv"
    return send_file(BytesIO(files.read(found["file"])), mimetype="text/csv", as_attachment=True, download_name=name)


@jobs.task("goals.past")
def find(
    progress: jobs.Progress, unit_id: int, policy: str, year: int, as_of: str, known_at: str, map: str
) -> dict[str, Any]:
    """Judge the people who may be counted in the unit; the figures, and a file with a line for each person."""
    question = Question(unit_id, policy, year, clock.parse_day(as_of) or clock.today(), clock.instant(known_at), map)
    with reading():
        people = _candidates(question)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    parts: dict[int, str] = {}
    for chunk, (found, text) in spread(prepare, judge, people=people, arguments=(question,), progress=progress):
        for ancestor, by_status in found.items():
            counts[ancestor].update(by_status)
        parts[chunk[0]] = text
    with reading():
        children = network.below(unit_id, _map_day(question))
    below = [{"name": unit.name, "counts": dict(counts.get(unit.unit_id, {}))} for unit in children]
    head = "".join(workbooks.csv_lines([gettext(f"column.{name}") for name in COLUMNS], []))
    file = "".join([head, *(parts[first] for first in sorted(parts))])
    return {"counts": counts.get(unit_id, {}), "below": below, "file": files.put(file.encode())}


def prepare(question: Question) -> Kept:
    """A process reads the policy as it was known, and the tree."""
    policy = queries.policy(question.policy, question.year, question.known_at)
    return Kept(question, policy, Tree(), catalogue.all_titles())


def judge(kept: Kept, person_ids: Chunk) -> tuple[dict[int, Counter[str]], str]:
    """The figures of units that these people add to, and the lines of those who are counted in the unit."""
    question, as_of = kept.question, min(kept.question.as_of.toordinal(), rules.last_day(kept.question.year))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    told: dict[int, Judgement] = {}
    with_units = facts.needs_units([kept.policy])
    for person_id, known in facts.of(person_ids, with_units=with_units, known_at=question.known_at):
        judgement = rules.evaluate(kept.policy, known, question.year, as_of)
        above = _above(kept, judgement) if judgement else ()
        if judgement and question.unit_id in above:
            told[person_id] = judgement
            for ancestor in above:
                counts[ancestor][judgement.status.value] += 1
    return dict(counts), "".join(workbooks.csv_lines((), _lines(told, kept.titles))).split("\n", 1)[1]


def _above(kept: Kept, judgement: Judgement) -> Sequence[int]:
    """The units in which a person is counted, on the map asked for."""
    if kept.question.map == figures.TODAY:
        return kept.tree.today(judgement.unit_id)
    return kept.tree.was(judgement.unit_id, date.fromordinal(judgement.reference_day))


def _lines(judged: Mapping[int, Judgement], titles: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    named = sa.select(Person.id, Person.code, Person.full_name).where(is_among(Person.id, judged))
    units = network.names({judgement.unit_id for judgement in judged.values()})
    for person_id, code, name in db.session.execute(named.order_by(Person.id)) if judged else ():
        told = trace.told(judged[person_id])
        status, reasons = gettext(f"status.{told.status}"), "; ".join(trace.reasons(told, titles))
        unit = units.get(judged[person_id].unit_id, "")
        yield code, name, unit, told.due, trace.periods(told.earned), status, reasons


def _candidates(question: Question) -> list[int]:
    """Everybody who ever served in a unit that may count for this one, and whose posts were known otherwise then."""
    ever_below = sa.select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == question.unit_id)
    carried = sa.select(UnitHeir.unit_id).where(UnitHeir.heir_id.in_(ever_below))
    inside = sa.or_(Assignment.unit_id.in_(ever_below), Assignment.unit_id.in_(carried))
    changed = history.people_changed(question.known_at, Assignment.__tablename__)
    return sorted(db.session.scalars(sa.select(Assignment.person_id).where(inside).union(changed)))


def _map_day(question: Question) -> date:
    return clock.today() if question.map == figures.TODAY else question.as_of
