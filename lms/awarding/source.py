"""What papers are issued for to many at once."""

from dataclasses import asdict, dataclass
from typing import Any

from lms.certificates.rules import Kind


@dataclass(frozen=True)
class Source:
    """The people of a unit and below by a pathway (`code`) or the goal of a policy (`code`) and `year`; or those of an event."""

    kind: Kind
    unit_id: int
    code: str = ""
    year: int = 0
    activity_id: int = 0

    @property
    def prefix(self) -> str:
        """How the subject of a paper begins; the person's id follows."""
        if self.kind is Kind.GOAL:
            return f"goal:{self.code}:{self.year}:"
        return f"path:{self.code}:" if self.kind is Kind.PATH else f"activity:{self.activity_id}:"

    @property
    def key(self) -> str:
        """How the keys of its jobs begin."""
        return f"awarding.issue:{self.unit_id}:{self.prefix}"

    def as_data(self) -> dict[str, Any]:
        """The source as a job keeps it; `from_data` is its inverse."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Source":
        return cls(**{**data, "kind": Kind(data["kind"])})
