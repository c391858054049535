"""What a paper of the register is worth on a day, what may be done with it, and how it is numbered. Pure."""

import re
from datetime import date, timedelta
from enum import StrEnum
from string import Formatter

SOON = timedelta(days=60)
"""So long before a paper expires its unit is told."""
PATTERN = "{number}/{year}/{issuer}"
LONGEST_LABEL, HIGHEST_NUMBER = 60, 999_999
NUMBER_FORMAT = re.compile("|0[1-9]d?")


class Kind(StrEnum):
    """What a paper is for. A confirmation says that another paper was issued."""

    COURSE = "course"
    PATH = "path"
    GOAL = "goal"
    ATTENDANCE = "attendance"
    CONFIRMATION = "confirmation"


class State(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class Act(StrEnum):
    """What is done with a paper of the register, by somebody and for a reason."""

    ISSUE = "issue"
    REPLACE = "replace"
    RENEW = "renew"
    CONFIRM = "confirm"
    REVOKE = "revoke"
    REINSTATE = "reinstate"


ALLOWED: dict[State, tuple[Act, ...]] = {
    State.VALID: (Act.CONFIRM, Act.REPLACE, Act.RENEW, Act.REVOKE),
    State.EXPIRED: (Act.RENEW, Act.CONFIRM, Act.REVOKE),
    State.SUPERSEDED: (),
    State.REVOKED: (Act.REINSTATE,),
}
OF_CONFIRMATIONS = (Act.REVOKE, Act.REINSTATE)
FOR_THE_SAME_TERM = (Act.REPLACE, Act.CONFIRM)
"""What these make is worth as long as the paper before it; renewal begins anew."""


def state(*, day: date, expires_on: date | None, is_superseded: bool, is_revoked: bool) -> State:
    """What a paper is worth on a day: the only place where this is decided. `expires_on` is the first day on which it is void."""
    if is_revoked:
        return State.REVOKED
    if is_superseded:
        return State.SUPERSEDED
    return State.EXPIRED if expires_on is not None and expires_on <= day else State.VALID


def expires_soon(*, day: date, expires_on: date | None) -> bool:
    """Whether a paper that is valid on a day will not be for long."""
    return expires_on is not None and day < expires_on <= day + SOON


def allowed(of: State, kind: str, *, expires: bool) -> tuple[Act, ...]:
    """What may be done with a paper, the usual first. What is good for ever needs no renewal."""
    acts = ALLOWED[of]
    if kind == Kind.CONFIRMATION:
        return tuple(act for act in acts if act in OF_CONFIRMATIONS)
    return tuple(act for act in acts if expires or act is not Act.RENEW)


def label(pattern: str, *, number: int, year: int, issuer: str) -> str:
    """A number of the register as it is printed."""
    return pattern.format(number=number, year=year, issuer=issuer)


def pattern_problem(pattern: str) -> str | None:
    """Why no register can be kept by a pattern, as `issuer.pattern.<…>`; None when one can."""
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return "braces"
    names = [name for _, name, _, _ in parts]
    if set(names) - {"number", "year", "issuer"} or any(conversion for *_, conversion in parts):
        return "unknown-part"
    if names.count("number") != 1:
        return "number-once"
    if any(spec if name != "number" else not NUMBER_FORMAT.fullmatch(spec or "") for _, name, spec, _ in parts):
        return "format"
    return None
