"""The sheets of the annual goal: exemptions, and credits, whose ledger is only ever added to."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lms import cells
from lms.goals import actions, standings
from lms.goals.models import Credit, Exemption, Standing
from lms.goals.rules import CreditState, Source
from lms.network import sheets
from lms.network.known import Record
from lms.network.plans import Fact, Outcome, Plan
from lms.network.sheets import WHO, Column, Sheet

SAMPLES = Path(__file__).with_name("samples")
UNCOUNTED = {CreditState.REJECTED, CreditState.REVERSED}
ASKED = {"state": "requested", "decided_by_id": None, "decided_at": None, "decision_reason": None}
CONTENT = ("periods", "category", "equivalence", "module")

SCOPES = cells.choice(
    {
        "goal": "muc-tieu ca-nam toan-bo",
        "module": "chuyen-de khoa-hoc mo-dun",
        "category": "linh-vuc nhom nhom-noi-dung",
    }
)
SOURCES = cells.choice(
    {
        Source.INTERNAL: "noi-bo tren-he-thong",
        Source.EQUIVALENCE: "tuong-duong cong-nhan-tuong-duong",
        Source.TEACHING: "giang-day",
        Source.EVENT: "su-kien hoi-nghi hoi-thao",
        Source.EXTERNAL: "ben-ngoai ngoai",
        Source.ADJUSTMENT: "dieu-chinh",
    }
)
STATES = cells.choice(
    {
        CreditState.PENDING: "cho-duyet",
        CreditState.APPROVED: "da-duyet duyet dat",
        CreditState.REJECTED: "tu-choi khong-duyet",
        CreditState.REVERSED: "da-huy huy thu-hoi",
    }
)


def complete_exemptions(facts: Sequence[Fact], _plan: Plan) -> tuple[()]:
    """An exemption without a first day holds from the beginning of its year."""
    for fact in facts:
        fact.record["from_on"] = fact.record["from_on"] or date(fact.record["year"], 1, 1)
    return ()


def ask(fact: Fact, stored: Sequence[Record], plan: Plan) -> Outcome:
    """An exemption that somebody sends waits for a coordinator's decision, and so does a change of one."""
    asked = {} if plan.sender is None else ASKED | {"requested_by_id": plan.sender}
    changed = {name: value for name, value in fact.record.items() if not stored or stored[0][name] != value}
    if asked and changed:
        plan.note(fact.file, fact.number, "policy", "import.exemption-asked")
    if not stored:
        fact.record["id"] = plan.new_id()
        plan.insert(Exemption, fact.record | asked)
        return Outcome("new")
    if not changed:
        return Outcome("unchanged")
    plan.update(Exemption, stored[0], changed | asked)
    columns = {column.fills: column.name for column in EXEMPTIONS.columns}
    return Outcome("changed", [(columns[name], stored[0][name], value) for name, value in changed.items()])


def enter(fact: Fact, entries: Sequence[Record], plan: Plan) -> Outcome:
    """Bring the ledger to say what the row says.

    A decision on a pending credit is written on it. Anything else that changes is a reversing entry, and a new one with
    the other content unless the credit no longer counts.
    """
    wanted, standing = fact.record, _standing(entries)
    number = max((entry["entry"] for entry in entries), default=-1) + 1
    if standing is None:
        if entries and wanted["state"] in UNCOUNTED:
            return Outcome("unchanged")
        _add(wanted, number, plan)
        return Outcome("changed" if entries else "new")
    changed = [name for name in (*CONTENT, "state") if wanted[name] != standing[name]]
    if not changed:
        return Outcome("unchanged")
    fields = [(name, standing[name], wanted[name]) for name in changed]
    if changed == ["state"] and standing["state"] == CreditState.PENDING:
        plan.update(Credit, standing, {"state": wanted["state"]})
        return Outcome("changed", fields)
    if standing["state"] not in UNCOUNTED:
        _add(standing | {"state": CreditState.APPROVED}, number, plan, reverses_id=standing["id"])
        number += 1
    if wanted["state"] not in UNCOUNTED:
        _add(wanted, number, plan)
    return Outcome("changed", fields)


def _standing(entries: Sequence[Record]) -> Record | None:
    """The latest entry that no other reverses."""
    undone = {entry["reverses_id"] for entry in entries}
    held = [entry for entry in entries if entry["reverses_id"] is None and entry["id"] not in undone]
    return max(held, key=lambda entry: entry["entry"], default=None)


def _add(content: Record, number: int, plan: Plan, reverses_id: int | None = None) -> None:
    own = {"id": plan.new_id(), "entry": number, "reverses_id": reverses_id, "evidence": None}
    plan.insert(Credit, content | own)


EXEMPTIONS = Sheet(
    "exemptions",
    Exemption,
    key=("person_id", "policy", "year", "scope", "target"),
    labels="mien mien-giam",
    samples=SAMPLES,
    columns=(
        WHO,
        Column("policy", cells.code, "chinh-sach muc-tieu", is_required=True),
        Column("year", cells.year, "nam", is_required=True),
        Column("scope", SCOPES, "pham-vi", is_required=True),
        Column("target", cells.code, "doi-tuong noi-dung-mien", default=""),
        Column("reason", cells.line(), "ly-do", is_required=True),
        Column("from", cells.day, "tu-ngay", "from_on"),
        Column("revoked_on", cells.day, "ngay-thu-hoi thu-hoi"),
    ),
    complete=complete_exemptions,
    settle=ask,
)
CREDITS = Sheet(
    "credits",
    Credit,
    key=("person_id", "activity", "completed_on", "source"),
    labels="ket-qua ket-qua-boi-duong tiet so-tiet",
    samples=SAMPLES,
    columns=(
        WHO,
        Column("activity", cells.line(), "hoat-dong khoa-hoc noi-dung ten-hoat-dong", is_required=True),
        Column("category", cells.code, "linh-vuc nhom nhom-noi-dung", is_required=True),
        Column("periods", cells.hundredths, "so-tiet tiet", is_required=True),
        Column("completed_on", cells.day, "ngay-hoan-thanh hoan-thanh", is_required=True),
        Column("source", SOURCES, "nguon", is_required=True),
        Column("class", cells.code, "lop-tuong-duong nhom-tuong-duong", "equivalence"),
        Column("module", cells.code, "chuyen-de mo-dun"),
        Column("state", STATES, "trang-thai", default=CreditState.APPROVED),
    ),
    day="completed_on",
    settle=enter,
)


def register() -> None:
    """Let the network's import take these sheets, and judge people anew when facts about them changed."""
    sheets.register(EXEMPTIONS, CREDITS, derived={Standing.__tablename__: standings.forget}, afterwards=[judge_anew])


def judge_anew(person_ids: set[int]) -> None:
    actions.refresh(person_ids=person_ids)
