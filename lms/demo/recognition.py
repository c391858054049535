"""Recognition in the demo: claims in every state, an exemption that waits, and a conference."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.accounts.models import Account
from lms.competencies import actions as competencies
from lms.db import db
from lms.demo import data
from lms.demo.cast import BINH, DIEU_PHOI
from lms.goals.rules import HUNDREDTHS
from lms.network import queries as network
from lms.network.models import Person
from lms.recognition import actions, activities, evidence, exemptions
from lms.recognition.evidence import Paper
from lms.recognition.models import Claim

SENT, REVIEWED, APPEALED, DECIDED = 2, 4, 6, 9
"""So many days after what was learned."""


def tell(today: date) -> None:
    """What people claimed, and what Bình and the coordinator made of it."""
    told = data.document("recognition.toml")
    for claim in told["claim"]:
        _claim(claim, today - timedelta(days=claim["days_ago"]))
    _conference(told["activity"], today)
    _ask_to_exempt(told["exemption"], today)


def _claim(told: dict[str, Any], day: date) -> None:
    with _acting(told["person"], day, SENT) as account:
        claim, _ = actions.submit(
            person_id=account.person_id,
            **{name: told[name] for name in ("kind", "title", "provider", "category")},
            periods=told["periods"] * HUNDREDTHS,
            completed_on=day,
            module=None,
            papers=[Paper("application/pdf", (data.FOLDER / "evidence.pdf").read_bytes())],
            paper_number=told.get("paper_number"),
        )
        if told.get("withdrawn"):
            actions.withdraw(claim=claim)
    if "accepted" in told:
        with _acting(BINH.code, day, REVIEWED) as account:
            actions.review(**_decision(claim, told["accepted"], told.get("reason", "")), by_id=account.id)
            for named in told.get("competencies", ()):
                competencies.name(claim=claim, **named, by_id=account.id)
    if "appeal" in told:
        with _acting(told["person"], day, APPEALED):
            actions.appeal(claim=claim, text=told["appeal"])
    if "granted" in told:
        with _acting(DIEU_PHOI.code, day, DECIDED) as account:
            actions.decide_appeal(**_decision(claim, told["granted"], told["answer"]), by_id=account.id)


def _decision(claim: Claim, periods: int, reason: str) -> dict[str, Any]:
    return {
        "claim": claim,
        "periods": periods * HUNDREDTHS,
        "category": claim.category,
        "module": claim.module,
        "reason": reason,
    }


def _conference(told: dict[str, Any], today: date) -> None:
    day = today - timedelta(days=told["days_ago"])
    unit_id = network.unit_id_by_code(told["unit"], today)
    if unit_id is None:
        raise LookupError(told["unit"])
    with _acting(BINH.code, day, SENT) as account:
        activities.note(
            key="demo",
            unit_id=unit_id,
            **{name: told[name] for name in ("kind", "title", "category")},
            held_on=day,
            periods={_account(code).person_id: told["periods"] * HUNDREDTHS for code in told["people"]},
            by_id=account.id,
        )


def _ask_to_exempt(told: dict[str, Any], today: date) -> None:
    with _acting(BINH.code, today, 0) as account:
        exemptions.request(
            person_id=_account(told["person"]).person_id,
            policy="dx",
            year=today.year,
            scope="goal",
            target="",
            reason=told["reason"],
            from_on=today,
            evidence=evidence.keep(Paper("application/pdf", (data.FOLDER / "evidence.pdf").read_bytes())),
            by_id=account.id,
        )


@contextmanager
def _acting(code: str, day: date, days_later: int) -> Iterator[Account]:
    """Somebody acts some days after a day, at ten in the morning, or now when that is still to come."""
    account = _account(code)
    at = min(clock.at(day + timedelta(days=days_later), 10), clock.now())
    with clock.stopped(at), audit.acting(account.id, code):
        yield account


def _account(code: str) -> Account:
    return db.session.scalars(sa.select(Account).join(Person).where(Person.code == code)).one()
