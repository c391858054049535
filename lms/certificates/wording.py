"""From records to the words that are printed. The words of the form are messages; the issuer's and the design's are data."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from babel.dates import format_date as format_long_date

from lms.certificates.design import ENGLISH, FIRST, Design, Signatory, default
from lms.certificates.models import Issuer
from lms.certificates.press import Press
from lms.certificates.texts import Look, Paper, Second, Wording
from lms.language import format_date, format_number, gettext, speaking

Texts = TypeVar("Texts", Look, Second, Wording, Paper)

NOBODY = Signatory((), "")
NOT_KNOWN = "–"


@dataclass(frozen=True)
class Award:
    """What a paper is for: a course, a path, a year's goal or an event, and what is known of it.

    `share` of the points is 0–1; `original` says which paper is confirmed.
    """

    title: str
    english: str = ""
    periods: float | None = None
    hours: float | None = None
    share: float | None = None
    started_on: date | None = None
    completed_on: date | None = None
    year: int | None = None
    original: str = ""

    def as_data(self) -> dict[str, Any]:
        """The award as it is kept with what is printed; `from_data` is its inverse."""
        return {**asdict(self), **{name: day and day.isoformat() for name, day in self._days().items()}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Award":
        days = {name: date.fromisoformat(data[name]) for name in ("started_on", "completed_on") if data.get(name)}
        return cls(**{**data, **days})

    def _days(self) -> dict[str, date | None]:
        return {"started_on": self.started_on, "completed_on": self.completed_on}


def wording_of(issuer: Issuer, design: Design | None = None) -> Wording:
    """What all certificates of an issuer and a design share."""
    design = design or default("course", issuer)
    first, other = (*design.signatories, NOBODY, NOBODY)[:2]
    with speaking(FIRST):
        return Wording(
            nation=gettext("certificate.nation"),
            motto=gettext("certificate.motto"),
            superior=issuer.superior,
            issuer=issuer.name,
            title=design.title,
            lead=design.lead,
            deed=design.deed,
            facts=tuple(gettext(f"certificate.fact.{fact}") for fact in design.facts),
            number=gettext("certificate.number"),
            code=gettext("certificate.code"),
            lookup=gettext("certificate.lookup"),
            dated=f"{issuer.place}, {gettext('certificate.dated')}",
            signatory_titles=first.titles,
            signatory=first.name,
            co_titles=other.titles,
            co_signatory=other.name,
            basis=design.basis,
            note=design.note,
            symbol_alt=gettext("certificate.alt-symbol"),
            logo_alt=gettext("certificate.alt-logo", issuer=issuer.name),
            seal_alt=gettext("certificate.alt-seal", issuer=issuer.name),
            look=design.look,
            second=_second(design, first, other) if design.is_bilingual else None,
        )


def personal(
    *, design: Design, award: Award, name: str, unit: str, code: str, url: str, place: str, issued_on: date,
    expires_on: date | None,
) -> Paper:  # fmt: skip
    """What is one person's on a paper of any design, but for the number. `place` is the issuer's."""

    def facts() -> tuple[str, ...]:
        return tuple(TELL[fact](award, expires_on) or NOT_KNOWN for fact in design.facts)

    with speaking(FIRST):
        paper = Paper(name, unit, award.title, facts(), "", code, url, issued_on)
    if not design.is_bilingual:
        return paper
    with speaking(ENGLISH):
        dated = ", ".join(filter(None, (place, format_long_date(issued_on, "long", locale="en_GB"))))
        second = {"course_second": award.english, "facts_second": facts(), "dated_second": dated}
    return Paper(**{**vars(paper), **second})


def as_data(wording: Wording, paper: Paper) -> dict[str, Any]:
    """All that is printed, as it is kept with the certificate."""
    return {"wording": asdict(wording), "paper": {**asdict(paper), "issued_on": paper.issued_on.isoformat()}}


def from_data(data: Mapping[str, Any]) -> tuple[Wording, Paper]:
    """The inverse of `as_data`; papers of earlier versions say less."""
    wording, paper = data["wording"], data["paper"]
    look, second = wording.get("look"), wording.get("second")
    parts = {"look": _of(Look, look) if look else Look(), "second": _of(Second, second) if second else None}
    day = {"issued_on": date.fromisoformat(paper["issued_on"])}
    return _of(Wording, {**wording, **parts}), _of(Paper, {**paper, **day})


@lru_cache(maxsize=16)
def press(wording: Wording) -> Press:
    """The press of a wording, made once."""
    return Press(wording)


def _of(kind: type[Texts], data: Mapping[str, Any]) -> Texts:
    known = ((field.name, data[field.name]) for field in fields(kind) if field.name in data)
    texts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known}
    return kind(**texts)


def _second(design: Design, first: Signatory, other: Signatory) -> Second:
    english = design.english
    with speaking(ENGLISH):
        return Second(
            language=ENGLISH,
            nation=gettext("certificate.nation"),
            motto=gettext("certificate.motto"),
            superior=english.superior,
            issuer=english.issuer,
            title=english.title,
            lead=english.lead,
            deed=english.deed,
            facts=tuple(gettext(f"certificate.fact.{fact}") for fact in design.facts),
            basis=english.basis,
            note=english.note,
            lookup=gettext("certificate.lookup"),
            ranks=first.english,
            co_ranks=other.english,
        )


def _result(award: Award, expires_on: date | None) -> str:
    return "" if award.share is None else gettext("certificate.score", share=format_number(award.share * 10, 1))


def _periods(award: Award, expires_on: date | None) -> str:
    return "" if award.periods is None else gettext("certificate.n-periods", n=format_number(award.periods))


def _hours(award: Award, expires_on: date | None) -> str:
    return "" if award.hours is None else gettext("certificate.n-hours", n=format_number(award.hours))


def _expires(award: Award, expires_on: date | None) -> str:
    return format_date(expires_on - timedelta(days=1)) if expires_on else ""


def _period(award: Award, expires_on: date | None) -> str:
    start, end = award.started_on, award.completed_on
    if start is None or end is None or start == end:
        return format_date(end or start)
    first = format_date(start)
    return f"{first.removesuffix(f'/{end.year}')} – {format_date(end)}"


TELL: dict[str, Callable[[Award, date | None], str]] = {
    "periods": _periods,
    "result": _result,
    "completed": lambda award, expires_on: format_date(award.completed_on),
    "period": _period,
    "year": lambda award, expires_on: str(award.year or ""),
    "hours": _hours,
    "expires": _expires,
    "original": lambda award, expires_on: award.original,
}
"""How each fact is told, of an award and of the first day on which its paper is void; the last day with value is printed."""
