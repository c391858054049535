"""Writes of federation: settings, senders and their keys; packing, receiving, taking and refusing packages."""

from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from lms import audit, clock, files
from lms.db import OPEN_END, db, insert, insert_many
from lms.federation import checking, packing, queries, rules
from lms.federation.checking import Checked
from lms.federation.models import FederationKey, FederationSender, ReportedFigure, ReportedPerson, ReportedYear
from lms.federation.rules import Order, Refusal, Refused, State
from lms.trust import keys
from lms.yearbooks.models import BookVersion, YearBook


def set_terms(*, sends_names: bool, due_days: int) -> None:
    """Whether one's own packages carry names, and how many days after a year's end packages are awaited."""
    setting = queries.setting()
    if (setting.id, setting.sends_names, setting.due_days) == (setting.id or 0, sends_names, due_days):
        return
    setting.sends_names, setting.due_days = sends_names, due_days
    db.session.add(setting)
    db.session.flush()
    audit.record("federation.set-terms", setting, sends_names=sends_names, due_days=due_days)


def register(*, unit_id: int, takes_names: bool, first_year: int, public: bytes, from_on: date) -> FederationSender:
    """Take note of a sender and of its first key. Raises `Refused`."""
    new = {"unit_id": unit_id, "takes_names": takes_names, "first_year": first_year}
    statement = insert(FederationSender).values(new).on_conflict_do_nothing().returning(FederationSender.id)
    sender_id = db.session.execute(statement).scalar()
    if sender_id is None:
        raise Refused(Refusal.KNOWN_SENDER)
    sender = queries.sender(sender_id)
    audit.record("federation.register", sender, unit=unit_id, takes_names=takes_names)
    add_key(sender=sender, public=public, from_on=from_on)
    return sender


def change(*, sender: FederationSender, takes_names: bool, first_year: int, last_year: int | None) -> None:
    """Change what is awaited of a sender."""
    sender.takes_names, sender.first_year, sender.last_year = takes_names, first_year, last_year
    db.session.flush()
    audit.record(
        "federation.change", sender, takes_names=takes_names, first_year=first_year, last_year=last_year
    )  # fmt: skip


def add_key(*, sender: FederationSender, public: bytes, from_on: date) -> FederationKey:
    """Believe a key of a sender from a day on. Raises `Refused`."""
    new = {"sender_id": sender.id, "kid": keys.kid_of(public), "public": keys.encoded(public)}
    new |= {"from_on": from_on, "to_on": OPEN_END, "added_at": clock.now()}
    statement = insert(FederationKey).values(new).on_conflict_do_nothing().returning(FederationKey.id)
    key_id = db.session.execute(statement).scalar()
    if key_id is None:
        raise Refused(Refusal.KNOWN_KEY)
    db.session.expire(sender, ["keys"])
    audit.record("federation.add-key", sender, kid=new["kid"], fingerprint=rules.fingerprint(public))
    return db.session.get_one(FederationKey, key_id)


def end_key(*, key: FederationKey) -> None:
    """Believe a key no more, from today on."""
    if key.to_on == OPEN_END:
        key.to_on = clock.today()
        audit.record("federation.end-key", f"federation_sender:{key.sender_id}", kid=key.kid)


def pack(*, book: YearBook) -> tuple[bytes, BookVersion]:
    """The signed package of a closed book. Raises `Refused`."""
    version, with_names = packing.official(book), queries.setting().sends_names
    content = packing.packed(version, with_names=with_names)
    audit.record("federation.pack", book, version=version.number, with_names=with_names)
    return content, version


def receive(*, found: Checked, content: bytes, by_id: int | None) -> tuple[ReportedYear, bool]:
    """Keep a package that was found good until somebody decides; it, and whether it is new."""
    head, said = found.sealed.manifest, rules.figures(found.package.manifest.totals)
    new = dict(
        sender_id=found.sender.id, unit_id=found.unit_id, policy=head.policy, year=head.year, version=head.version,
        state=State.WAITING.value, unit_code=head.unit_code, unit_name=head.unit_name, last_hash=head.last_hash,
        digest=found.sealed.digest, sha256=files.put(content), kid=found.sealed.signature.kid, with_names=head.with_names,
        manifest=asdict(head), received_at=clock.now(), received_by_id=by_id, reason="", **said,
    )  # fmt: skip
    statement = insert(ReportedYear).values(new).on_conflict_do_nothing().returning(ReportedYear.id)
    report_id = db.session.execute(statement).scalar()
    if report_id is None:
        same = ReportedYear.unit_id == found.unit_id, ReportedYear.digest == found.sealed.digest
        return db.session.scalars(sa.select(ReportedYear).where(*same)).one(), False
    report = queries.report(report_id)
    audit.record("federation.receive", report, unit=found.unit_id, year=head.year, version=head.version)
    return report, True


def take(*, report: ReportedYear, by_id: int | None) -> bool:
    """Let a package count from now on, in the place of the one before; whether it was not taken already.

    It is checked once more, for keys end and others take, too. Raises `rules.Faulty`.
    """
    _hold(report)
    if report.state in (State.TAKEN, State.REPLACED):
        return False
    found = checking.checked(files.read(report.sha256))
    if found.former is not None:
        found.former.state = State.REPLACED
        db.session.flush()
    _store(report, found)
    _decide(report, State.TAKEN, "", by_id)
    replaced = found.former.version if found.former and found.order is Order.NEWER else None
    audit.record("federation.take", report, unit=report.unit_id, year=report.year, replaced=replaced)
    return True


def refuse(*, report: ReportedYear, reason: str, by_id: int | None) -> bool:
    """Let a package not count, with a reason; whether it was still waiting."""
    _hold(report)
    if report.state != State.WAITING:
        return False
    _decide(report, State.REFUSED, reason, by_id)
    audit.record("federation.refuse", report, unit=report.unit_id, year=report.year, reason=reason)
    return True


def _hold(report: ReportedYear) -> None:
    """Nobody else decides on what this sender has sent until the transaction ends."""
    db.session.get_one(FederationSender, report.sender_id, with_for_update=True)
    db.session.refresh(report)


def _decide(report: ReportedYear, state: State, reason: str, by_id: int | None) -> None:
    report.state, report.reason, report.decided_at, report.decided_by_id = state, reason, clock.now(), by_id
    db.session.flush()


def _store(report: ReportedYear, found: Checked) -> None:
    said = found.package
    units = {line.unit: line for line in said.units}
    codes = {unit: line.code for unit, line in units.items()}
    insert_many(ReportedFigure.__table__, [
        {
            "report_id": report.id, "number": line.number, "unit_id": found.unit_ids[line.number], "code": line.code,
            "name": line.name, "above_code": codes.get(line.above or 0, ""),
            **rules.figures(said.figures.get(line.number, {})),
        }
        for line in said.units
    ])  # fmt: skip
    insert_many(ReportedPerson.__table__, [
        {
            "report_id": report.id, "number": person.number, "code": person.code, "name": person.name,
            "unit_code": codes[person.unit], "unit_name": units[person.unit].name, "status": person.status,
            "due": person.due, "earned": person.earned,
        }
        for person in said.people
    ])  # fmt: skip
