"""What is written on a paper: what all papers of one design share, what is one person's, and how it is to look.

Nothing here holds a word of any language. All of it is kept with an issued certificate.
"""

from dataclasses import dataclass
from datetime import date

RED = "#a4161a"


@dataclass(frozen=True)
class Look:
    """How a paper looks.

    `orientation` is landscape or portrait; `frame` lotus, rule or none. `right` and `up` move everything, in millimetres:
    for stock that is printed already, of which `stock` names what it bears: nation, issuer, title. `logo` and `seal` are
    names of PNG files.
    """

    orientation: str = "landscape"
    frame: str = "lotus"
    accent: str = RED
    right: float = 0.0
    up: float = 0.0
    logo: str = ""
    seal: str = ""
    stock: tuple[str, ...] = ()


@dataclass(frozen=True)
class Second:
    """The shared texts in a second language, each set below its first; an empty one is left out."""

    language: str
    nation: str = ""
    motto: str = ""
    superior: str = ""
    issuer: str = ""
    title: str = ""
    lead: str = ""
    deed: str = ""
    facts: tuple[str, ...] = ()
    basis: str = ""
    note: str = ""
    lookup: str = ""
    ranks: str = ""
    co_ranks: str = ""


@dataclass(frozen=True)
class Wording:
    """The texts that all certificates of one design share.

    `facts` label what `Paper.facts` tells, in the same order. `dated` is a pattern with $day, $month and $year. A text may be
    empty: its place stays blank. The one who signs beside the signatory is `co_signatory`. `…_alt` say what a picture shows.
    """

    nation: str
    motto: str
    superior: str
    issuer: str
    title: str
    lead: str
    deed: str
    facts: tuple[str, ...]
    number: str
    code: str
    lookup: str
    dated: str
    signatory_titles: tuple[str, ...]
    signatory: str
    co_titles: tuple[str, ...] = ()
    co_signatory: str = ""
    basis: str = ""
    note: str = ""
    symbol_alt: str = ""
    logo_alt: str = ""
    seal_alt: str = ""
    look: Look = Look()
    second: Second | None = None


@dataclass(frozen=True)
class Paper:
    """The texts of one person, as they are to be read, `…_second` in the second language.

    `verify_url`, in ASCII, goes into the QR symbol.
    """

    name: str
    unit: str
    course: str
    facts: tuple[str, ...]
    number: str
    code: str
    verify_url: str
    issued_on: date
    course_second: str = ""
    facts_second: tuple[str, ...] = ()
    dated_second: str = ""
