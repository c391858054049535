"""Documents that a text cites, and on which days they hold. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms.catalogue.content import LegalBasis

NUMBER = re.compile(
    r"(?<![\w/])(?:\d{1,3}\.)?\d{1,5}/(?:(?:19|20)\d{2}/)?"  # 1690/, 356/2025/ or 66.7/2025/
    r"(?:(?=[^\W\d_])QH\d{1,2}|[^\W\d_]{2,}(?:-[^\W_]{2,})+)(?!\w)"  # QH15, or a kind and who issued it
)
DATA = Path(__file__).with_name("law.toml")


@dataclass(frozen=True)
class Document:
    """A document of law; empty days are not known. `in_force_to` is its last day."""

    number: str
    in_force_from: str = ""
    in_force_to: str = ""
    replaced_by: str = ""

    def is_past(self, day: str) -> bool:
        return bool(self.in_force_to) and self.in_force_to < day

    @property
    def heirs(self) -> set[str]:
        """The numbers of what replaces it."""
        return set(cited(self.replaced_by))

    @property
    def heir(self) -> str:
        """What replaces it: numbers where there are any, else the words of the author; "?" when nobody said."""
        return ", ".join(cited(self.replaced_by)) or self.replaced_by or "?"

    def is_to_come(self, day: str) -> bool:
        return self.in_force_from > day


@cache
def known() -> Mapping[str, Document]:
    """The documents of `law.toml` by number."""
    entries = tomllib.loads(DATA.read_text("utf-8"))["document"]
    return {entry["number"]: _document(entry) for entry in entries}


def documents(bases: Sequence[LegalBasis]) -> dict[str, Document]:
    """What is known of documents: those of the product, and, which count more, those that a course names."""
    named = {b.number: Document(b.number, b.in_force_from, b.in_force_to, b.replaced_by) for b in bases}
    return {**known(), **named}


def ended(bases: Sequence[LegalBasis], day: str) -> Iterator[Document]:
    """The documents that a course rests on and that ended before a day, unless what came instead is named beside them."""
    named = {basis.number for basis in bases}
    for basis in bases:
        document = documents([basis])[basis.number]
        if not document.in_force_to:
            document = known().get(basis.number, document)
        if document.is_past(day) and not named & document.heirs:
            yield document


def cited(text: str) -> Iterator[str]:
    """The numbers of documents in a text: `1690/QĐ-TTg`, `13/2023/NĐ-CP`, `148/2025/QH15`, in their order."""
    return (match[0] for match in NUMBER.finditer(text) if any(char.isupper() for char in match[0]))


def _document(entry: Mapping[str, object]) -> Document:
    days = {key: str(entry.get(key, "")) for key in ("in_force_from", "in_force_to", "replaced_by")}
    return Document(str(entry["number"]), **days)
