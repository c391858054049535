"""What a clerk sets for the papers of one kind: texts, facts, who signs, and how it looks."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from lms.certificates.frame import FRAMES
from lms.certificates.layouts import ORIENTATIONS
from lms.certificates.models import Issuer
from lms.certificates.texts import RED, Look
from lms.fonts import printable
from lms.language import gettext, speaking

FIRST, ENGLISH = "vi", "en"
LANGUAGES = ("vi", "vi+en")
STOCK = ("nation", "issuer", "title")
FACTS = ("periods", "result", "completed", "period", "year", "hours", "expires", "original")
FACTS_OF = {
    "course": ("periods", "result", "completed"),
    "path": ("periods", "completed"),
    "goal": ("year", "periods", "completed"),
    "attendance": ("hours", "period"),
    "confirmation": ("original", "completed"),
}
KINDS = tuple(FACTS_OF)
CHOICES = {"kind": KINDS, "orientation": ORIENTATIONS, "frame": FRAMES, "languages": LANGUAGES}
LONGEST = {"title": 80, "lead": 120, "deed": 160, "basis": 300, "note": 200}
MOST_FACTS, MOST_SIGNATORIES, MOST_TITLES, MOST_MONTHS, FURTHEST = 5, 2, 3, 120, 30.0
LEAST_CONTRAST = 4.5
"""Of the accent on white paper (WCAG 2.2, 1.4.3)."""
COLOUR, PICTURE = re.compile("#[0-9a-f]{6}"), re.compile("[0-9a-f]{64}|")


@dataclass(frozen=True)
class Signatory:
    """Who signs: lines of the title, the name, and the title in English."""

    titles: tuple[str, ...]
    name: str
    english: str = ""


@dataclass(frozen=True)
class English:
    """The texts of a design in English; an empty one is left out."""

    title: str = ""
    lead: str = ""
    deed: str = ""
    basis: str = ""
    note: str = ""
    superior: str = ""
    issuer: str = ""


@dataclass(frozen=True)
class Design:
    """What a clerk sets. `facts` are codes of `FACTS`, in order; `months` of validity, 0 for good; the rest is told by `Look`."""

    kind: str
    title: str
    lead: str
    deed: str
    facts: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    basis: str = ""
    note: str = ""
    languages: str = "vi"
    english: English = English()
    months: int = 0
    orientation: str = "landscape"
    frame: str = "lotus"
    accent: str = RED
    right: float = 0.0
    up: float = 0.0
    stock: tuple[str, ...] = ()
    logo: str = ""
    seal: str = ""

    def as_data(self) -> dict[str, Any]:
        """The design as JSON-ready data; `from_data` is its inverse."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """A design as it was kept, by this version or by an earlier one."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        signatories = tuple(Signatory(**{**one, "titles": tuple(one["titles"])}) for one in data["signatories"])
        lists = {name: tuple(data.get(name, ())) for name in ("facts", "stock")}
        return cls(**{**known, **lists, "signatories": signatories, "english": English(**data.get("english", {}))})

    @property
    def is_bilingual(self) -> bool:
        return self.languages != FIRST

    @property
    def look(self) -> Look:
        """The part that is not text."""
        return Look(**{field.name: getattr(self, field.name) for field in fields(Look)})

    def expires_on(self, issued_on: date) -> date | None:
        """The day from which a paper no longer counts."""
        if not self.months:
            return None
        year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + self.months, 12)
        return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


def default(kind: str, issuer: Issuer) -> Design:
    """The design of a kind that nobody has changed."""
    with speaking(FIRST):
        texts = _texts(kind)
    with speaking(ENGLISH):
        english = English(*_texts(kind))
    titles = tuple(line for line in issuer.signatory_title.split("\n") if line)
    signatory = Signatory(titles, issuer.signatory_name)
    return Design(kind, *texts, FACTS_OF[kind], (signatory,), english=english)


def problems(design: Design) -> dict[str, str]:
    """What must be mended before a design can be used: by field, what the message `design.wrong.<…>` says; the first of each."""
    found: dict[str, str] = {}
    for field, problem in _problems(design):
        found.setdefault(field, problem)
    return found


def contrast(colour: str) -> float:
    """The contrast of `#rrggbb` to white (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.05 + sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))


def _texts(kind: str) -> tuple[str, str, str]:
    return gettext(f"certificate.title.{kind}"), gettext("certificate.lead"), gettext(f"certificate.deed.{kind}")


def _problems(design: Design) -> Iterator[tuple[str, str]]:
    for field, choices in CHOICES.items():
        if getattr(design, field) not in choices:
            yield field, "unknown-choice"
    yield from _problems_of_texts(design)
    yield from _problems_of_facts(design)
    yield from _problems_of_look(design)
    if len(design.signatories) > MOST_SIGNATORIES:
        yield "signatories", "too-many-signatories"
    if any(len(one.titles) > MOST_TITLES for one in design.signatories):
        yield "signatories", "too-many-titles"


def _problems_of_texts(design: Design) -> Iterator[tuple[str, str]]:
    for field in ("title", "deed"):
        if not getattr(design, field):
            yield field, "text-missing"
    for field, most in LONGEST.items():
        texts = getattr(design, field), getattr(design.english, field)
        if max(map(len, texts)) > most:
            yield field, "too-long"
        if not printable().issuperset("".join(texts)):
            yield field, "unprintable-letter"
    if not printable().issuperset(design.english.superior + design.english.issuer):
        yield "english", "unprintable-letter"
    signing = (text for one in design.signatories for text in (*one.titles, one.name, one.english))
    if not printable().issuperset("".join(signing)):
        yield "signatories", "unprintable-letter"


def _problems_of_facts(design: Design) -> Iterator[tuple[str, str]]:
    if not set(design.facts) <= set(FACTS):
        yield "facts", "unknown-choice"
    if len(set(design.facts)) < len(design.facts):
        yield "facts", "fact-twice"
    if len(design.facts) > MOST_FACTS:
        yield "facts", "too-many-facts"
    if not 0 <= design.months <= MOST_MONTHS:
        yield "months", "months-out-of-range"
    if "expires" in design.facts and not design.months:
        yield "months", "expires-without-months"


def _problems_of_look(design: Design) -> Iterator[tuple[str, str]]:
    if not COLOUR.fullmatch(design.accent):
        yield "accent", "colour-format"
    elif contrast(design.accent) < LEAST_CONTRAST:
        yield "accent", "colour-too-pale"
    is_stock = design.frame == "none"
    for field in ("right", "up"):
        if getattr(design, field) and not is_stock:
            yield field, "shift-only-on-stock"
        if not abs(getattr(design, field)) <= FURTHEST:
            yield field, "shift-too-far"
    if design.stock and not is_stock:
        yield "stock", "stock-only-without-frame"
    if not set(design.stock) <= set(STOCK):
        yield "stock", "unknown-choice"
    for field in ("logo", "seal"):
        if not PICTURE.fullmatch(getattr(design, field)):
            yield field, "unknown-picture"
