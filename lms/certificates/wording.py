"""From records to the words that are printed. The words of the form are messages, the issuer's are data."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import Any

from lms.catalogue.content import Content
from lms.certificates.models import Issuer
from lms.certificates.pdf import Paper, Wording
from lms.certificates.press import Press
from lms.language import format_date, format_number, gettext, speaking

LANGUAGE = "vi"


def wording_of(issuer: Issuer) -> Wording:
    """What all certificates of an issuer share."""
    with speaking(LANGUAGE):
        return Wording(
            nation=gettext("certificate.nation"),
            motto=gettext("certificate.motto"),
            superior=issuer.superior,
            issuer=issuer.name,
            title=gettext("certificate.title"),
            lead=gettext("certificate.lead"),
            deed=gettext("certificate.deed"),
            facts=(gettext("certificate.periods"), gettext("certificate.result"), gettext("certificate.completed")),
            number=gettext("certificate.number"),
            code=gettext("certificate.code"),
            lookup=gettext("certificate.lookup"),
            dated=f"{issuer.place}, {gettext('certificate.dated')}",
            signatory_titles=tuple(line for line in issuer.signatory_title.split("\n") if line),
            signatory=issuer.signatory_name,
        )


def paper_of(
    *, name: str, unit: str, content: Content, share: float | None, completed_on: date, code: str, url: str, issued_on: date
) -> Paper:  # fmt: skip
    """What is one person's, but for the number."""
    with speaking(LANGUAGE):
        result = gettext("certificate.score", share=format_number(share * 10, 1)) if share is not None else "–"
        return Paper(
            name=name,
            unit=unit,
            course=content.title,
            facts=(
                gettext("certificate.n-periods", n=format_number(content.periods)),
                result,
                format_date(completed_on),
            ),
            number="",
            code=code,
            verify_url=url,
            issued_on=issued_on,
        )


def as_data(wording: Wording, paper: Paper) -> dict[str, Any]:
    """All that is printed, as it is kept with the certificate."""
    return {"wording": asdict(wording), "paper": {**asdict(paper), "issued_on": paper.issued_on.isoformat()}}


def from_data(data: Mapping[str, Any]) -> tuple[Wording, Paper]:
    """The inverse of `as_data`."""
    wording, paper = data["wording"], data["paper"]
    titles = {"facts": tuple(wording["facts"]), "signatory_titles": tuple(wording["signatory_titles"])}
    issued_on = date.fromisoformat(paper["issued_on"])
    return Wording(**{**wording, **titles}), Paper(**{**paper, "facts": tuple(paper["facts"]), "issued_on": issued_on})


@lru_cache(maxsize=16)
def press(wording: Wording) -> Press:
    """The press of a wording, made once."""
    return Press(wording)
