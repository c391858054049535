"""What may be claimed, how a decision compares with the claim, and when it may be appealed. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from lms import text

STEP, MOST = 50, 20_000
"""Periods are claimed by halves, up to 200; here as everywhere in hundredths."""
APPEAL_DAYS = 30


class Kind(StrEnum):
    """What a claim or an activity is about; the value is the source of its credit."""

    EXTERNAL = "external"
    EVENT = "event"
    TEACHING = "teaching"


class ClaimState(StrEnum):
    """Submitted → (confirming →) approved or rejected → appealed → decided; or withdrawn while submitted."""

    SUBMITTED = "submitted"
    CONFIRMING = "confirming"
    APPROVED = "approved"
    REJECTED = "rejected"
    APPEALED = "appealed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """A claim is decided on once by a reviewer, where asked by a second person, and once more when it is appealed."""

    REVIEW = "review"
    CONFIRM = "confirm"
    APPEAL = "appeal"


class ExemptionState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why an act is not done; words: message `recognition.refused.<refusal>`."""

    OWN = "own"
    FIRST_REVIEWER = "first-reviewer"
    SAME_HAND = "same-hand"
    REQUESTER = "requester"
    ENTERED = "entered"
    TOO_LATE = "too-late"
    EXEMPT_ALREADY = "exempt-already"
    AWAY_ALREADY = "away-already"


class Refused(Exception):
    """An act that its rules do not allow."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def is_countable(periods: int) -> bool:
    """Whether a number of periods may be claimed."""
    return 0 < periods <= MOST and periods % STEP == 0


def state_after_review(accepted: int, *, needs_second: bool = False) -> ClaimState:
    """A review that accepts nothing rejects; what it accepts may need a second person."""
    if not accepted:
        return ClaimState.REJECTED
    return ClaimState.CONFIRMING if needs_second else ClaimState.APPROVED


def paper_key(number: str | None, provider: str) -> str | None:
    """By what the papers of an issuer are told apart, however they are spelt; None for a paper without a number."""
    spelt = text.slug(number or "").replace("-", "")
    return f"{text.slug(provider)}:{spelt}" if spelt else None


def last_day_to_appeal(decided_on: date) -> date:
    """The last day on which a decision may be appealed."""
    return decided_on + timedelta(days=APPEAL_DAYS)


def may_be_appealed(state: str, *, is_less: bool, decided_on: date, today: date) -> bool:
    """Whether a reviewed claim may be appealed: once, within thirty days, when it was not granted as it was asked."""
    is_reviewed = state in (ClaimState.APPROVED, ClaimState.REJECTED)
    return is_reviewed and is_less and today <= last_day_to_appeal(decided_on)
