"""How a paper gets into the register: with its words, its number, and what came before it."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from lms import clock, text
from lms.accounts.passwords import CODE_LETTERS
from lms.certificates import designs, rules, wording
from lms.certificates.models import Certificate, Issuer, RegisterCounter
from lms.certificates.pdf import check
from lms.certificates.rules import Act, Kind
from lms.certificates.wording import Award
from lms.db import built_once, db, insert
from lms.trust import symbol

CODE_LENGTH = 10


@dataclass(frozen=True)
class Entry:
    """What a paper is issued for: to whom, with which words. `subject` is told once in the whole register."""

    kind: Kind
    subject: str
    person_id: int
    name: str
    unit: str
    award: Award
    completion_id: int | None = None
    course_id: int | None = None
    relation: Act | None = None


def enter(entry: Entry, issuer: Issuer, predecessor: Certificate | None = None) -> Certificate:
    """Enter a paper. Raises `UnprintableText` for words that no font can set: then nothing was written."""
    day, code = clock.today(), _new_code()
    design = designs.current(issuer, entry.kind)
    words = wording.wording_of(issuer, design)
    expires_on = (
        predecessor.expires_on if predecessor and entry.relation in rules.FOR_THE_SAME_TERM else design.expires_on(day)
    )
    paper = wording.personal(
        design=design, award=entry.award, name=entry.name, unit=entry.unit, code=code, url="", place=issuer.place,
        issued_on=day, expires_on=expires_on,
    )  # fmt: skip
    check(words, replace(paper, number=rules.label(issuer.pattern, number=0, year=day.year, issuer=issuer.code)))
    # The register is locked from here on, until the transaction ends.
    number = _next_number(issuer, day.year)
    label = rules.label(issuer.pattern, number=number, year=day.year, issuer=issuer.code)
    link = symbol.text(
        code=code, number=label, name=paper.name, course=paper.course, issued_on=day, issuer=issuer.name, expires_on=expires_on
    )  # fmt: skip
    printed = wording.as_data(words, replace(paper, number=label, verify_url=link))
    certificate = Certificate(
        kind=entry.kind,
        subject=entry.subject,
        completion_id=entry.completion_id,
        person_id=entry.person_id,
        course_id=entry.course_id,
        issuer_id=issuer.id,
        year=day.year,
        number=number,
        label=label,
        code=code,
        issued_on=day,
        expires_on=expires_on,
        printed={**printed, "award": entry.award.as_data()},
        fold=text.fold(f"{paper.name} {paper.course} {label}"),
        relation=entry.relation,
        predecessor_id=predecessor.id if predecessor else None,
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


def _next_number(issuer: Issuer, year: int) -> int:
    """The next number of the register. The counter's row stays locked until the transaction ends, so no number is lost."""
    first = {"issuer_id": issuer.id, "year": year, "last_number": 1}
    return int(db.session.connection().execute(_counting(), first).scalar_one())


@built_once
def _counting() -> Any:
    """The statement that counts a register on, and opens it with its first paper."""
    on = insert(RegisterCounter).on_conflict_do_update(
        index_elements=[RegisterCounter.issuer_id, RegisterCounter.year],
        set_={"last_number": RegisterCounter.last_number + 1},
    )
    return on.returning(RegisterCounter.last_number)


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
