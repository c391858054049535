"""A paper of nobody, to see what a design looks like: names as people have them, and an award of each kind."""

from dataclasses import replace
from datetime import timedelta

from flask import current_app

from lms import clock, text
from lms.certificates import rules, wording
from lms.certificates.design import Design
from lms.certificates.models import Issuer
from lms.certificates.texts import Paper
from lms.language import gettext
from lms.trust.symbol import TEXT_LENGTHS

NAMES = ("usual", "short", "longest", "hre", "ede", "jrai")
CODE = "MAU0000000"


def names() -> list[str]:
    """Names to try a design with: a usual one, the shortest, the longest, and names of peoples of the Central Highlands."""
    return [text.clean(gettext(f"design.name.{name}")) for name in NAMES]


def paper(issuer: Issuer, design: Design, name: str) -> Paper:
    """A paper as an issuer would give it today, but for its number and its symbol, which are nobody's and not signed."""
    day = clock.today()
    award = wording.Award(
        title=gettext(f"design.sample.{design.kind}"), english=gettext(f"design.sample-english.{design.kind}"), periods=40,
        hours=30, share=0.9, started_on=day - timedelta(days=20), completed_on=day, year=day.year,
        original=gettext("design.sample-original"),
    )  # fmt: skip
    link = f"{current_app.config['BASE_URL']}/v/{CODE}#"
    made = wording.personal(
        design=design, award=award, name=name, unit=gettext("design.sample-unit"), code=CODE,
        url=link.ljust(TEXT_LENGTHS[0], "A"), place=issuer.place, issued_on=day, expires_on=design.expires_on(day),
    )  # fmt: skip
    label = rules.label(issuer.pattern, number=0, year=day.year, issuer=issuer.code)
    return replace(made, number=label)
