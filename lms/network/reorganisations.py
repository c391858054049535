"""Acts of reorganisation: drafted line by line or from a file, carried out in one transaction, and undone whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lms import audit, clock, jobs, workbooks
from lms.db import db
from lms.jobs import Job, Progress
from lms.network import imports, sheets
from lms.network.models import ReorganisationAct
from lms.network.reorganisation import Proposal, propose
from lms.network.reorganisation_files import LINES, line
from lms.network.undoing import UndoRefused


def start(*, act: ReorganisationAct, scope: frozenset[int] | None, account_id: int | None) -> ReorganisationAct:
    """Keep a draft; `scope` holds the units, each with all below it, that the act may touch, None for all."""
    act.scope = None if scope is None else sorted(scope)
    act.account_id, act.created_at = account_id, clock.now()
    db.session.add(act)
    db.session.flush()
    audit.record("network.draft-reorganisation", act, lines=len(act.lines))
    return act


def add_lines(*, act: ReorganisationAct, said: Sequence[Mapping[str, Any]]) -> None:
    """Add lines to a draft, after those that are there."""
    last = max((each["row"] for each in act.lines), default=0)
    act.lines = [*act.lines, *(line(each, row=last + number) for number, each in enumerate(said, 1))]
    audit.record("network.draft-reorganisation", act, lines=len(act.lines))


def redate(*, act: ReorganisationAct, on: date, legal_basis: str) -> None:
    """Correct the day or the legal basis of a draft."""
    act.on, act.legal_basis = on, legal_basis
    audit.record("network.draft-reorganisation", act, on=on.isoformat(), legal_basis=legal_basis)


def remove_line(*, act: ReorganisationAct, row: int) -> None:
    """Take a line out of a draft. One that is not there is none to take out."""
    act.lines = [each for each in act.lines if each["row"] != row]
    audit.record("network.draft-reorganisation", act, lines=len(act.lines))


def decide(*, act: ReorganisationAct, decisions: Mapping[str, Mapping[str, Any]]) -> None:
    """Note who and what goes where, over what was said before; None takes a decision back."""
    merged = {
        about: dict(act.decisions.get(about, {})) | dict(decisions.get(about, {})) for about in ("people", "units")
    }
    act.decisions = {about: {k: v for k, v in said.items() if v is not None} for about, said in merged.items()}
    audit.record("network.draft-reorganisation", act, decisions=sum(map(len, act.decisions.values())))


def discard(*, act: ReorganisationAct) -> None:
    """Throw a draft away."""
    audit.record("network.discard-reorganisation", act)
    db.session.delete(act)
    db.session.flush()


def blocked() -> str | None:
    """Why nothing may change the map now, as a message key."""
    return sheets.blocked()


def carry_out(*, act: ReorganisationAct) -> Proposal:
    """Do what an act says on the facts as they are now, unless something is wrong or undecided. Does not commit."""
    found = propose(act)
    if found.is_ready and blocked() is None:
        batch = imports.store({"reorganisation.csv": as_file(act)}, account_id=act.account_id)
        people = imports.apply(found.plan, batch=batch)
        act.state, act.batch = "applied", batch
        audit.record("network.reorganise", act, legal_basis=act.legal_basis, on=act.on.isoformat(), batch=batch.id)
        db.session.flush()
        imports.recompute(people)
    return found


@jobs.task("network.reorganise")
def carry_out_act(*, progress: Progress, act_id: int) -> dict[str, Any]:
    """Carry out an act that somebody has released; one with which something is wrong by now is a draft again."""
    act = db.session.get_one(ReorganisationAct, act_id, with_for_update=True)
    if act.state == "applying":
        act.state = "draft"
        carry_out(act=act)
    return {}


def release(*, act: ReorganisationAct, account_id: int | None, actor: str) -> None:
    """Have a draft carried out in the background: once, however often the button was pressed."""
    last = job_of(act)
    has_failed = act.state == "applying" and last is not None and last.state == "failed"
    if act.lines and (act.state == "draft" or has_failed):
        act.state = "applying"
        key = f"reorganise:{act.id}:{last.id if last else 0}"
        jobs.enqueue("network.reorganise", key=key, account_id=account_id, actor=actor, act_id=act.id)


def undo(*, act: ReorganisationAct) -> None:
    """Take everything back that an act has done. Raises `UndoRefused`."""
    if act.stage != "applied" or act.batch is None:
        raise UndoRefused("import.undo-not-applied")
    people = imports.undo(act.batch)
    act.state = "undone"
    audit.record("network.undo-reorganisation", act)
    imports.recompute(people)


def job_of(act: ReorganisationAct) -> Job | None:
    """The latest long work on an act."""
    return jobs.latest(f"reorganise:{act.id}:")


def as_file(act: ReorganisationAct) -> bytes:
    """The lines of an act as `reorganisation.csv`: what was carried out, to be kept and to be sent again."""
    names = [column.name for column in LINES.columns]
    shown = {"on": act.on.isoformat()}
    rows = ([(each | shown)[name] for name in names] for each in act.lines)
    return "".join(workbooks.csv_lines(names, rows)).encode()
