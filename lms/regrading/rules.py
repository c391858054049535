"""What a correction means for a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SMALL = 200
"""So many people are tried out and rescored while one waits; for more a job does it."""


class Stage(StrEnum):
    """How far a correction is. It holds from `applying` on."""

    TRYING = "trying"
    TRIED = "tried"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


class Effect(StrEnum):
    """What changes for a person: the quiz is no longer passed; it is passed now; more of the points; less of them."""

    LOSES = "loses"
    GAINS = "gains"
    UP = "up"
    DOWN = "down"


class Decision(StrEnum):
    """What becomes of a pass that was lost."""

    KEEP = "keep"
    REVOKE = "revoke"


class Refusal(StrEnum):
    """Why a correction may not be applied, or a pass not be taken back; words: message `regrading.refused.<refusal>`."""

    NOT_TRIED = "not-tried"
    OVERTAKEN = "overtaken"
    PASSED_AGAIN = "passed-again"


@dataclass(frozen=True, slots=True)
class Result:
    """The points of an attempt, and whether they pass."""

    points: float
    of: float
    is_passed: bool

    @property
    def share(self) -> float:
        return self.points / self.of if self.of else 0.0


def effects(before: Mapping[int, Result], after: Mapping[int, Result]) -> dict[int, Effect]:
    """What changes in a person's attempts at a course, by attempt; attempts that do not change are left out.

    Passing counts over all attempts: who passed with another one loses nothing and gains nothing.
    """
    passed_before = any(result.is_passed for result in before.values())
    passed_after = any(result.is_passed for result in after.values())
    return {
        attempt: _effect(before[attempt], after[attempt], passed_before, passed_after)
        for attempt in after
        if before[attempt] != after[attempt]
    }


def _effect(before: Result, after: Result, passed_before: bool, passed_after: bool) -> Effect:
    if before.is_passed and not after.is_passed and not passed_after:
        return Effect.LOSES
    if after.is_passed and not before.is_passed and not passed_before:
        return Effect.GAINS
    return Effect.UP if after.share >= before.share else Effect.DOWN
