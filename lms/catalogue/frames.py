"""The competencies that the frames beside the courses know, for the check of a package's outcomes."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from lms.catalogue.content import Content
from lms.catalogue.package import Problem

Known = Mapping[str, frozenset[str]]


def known(folder: Path) -> Known:
    """The codes of each frame that lies beside the courses and says its components; what cannot be read is left out."""
    found = {}
    for path in sorted(folder.glob("competencies/*.toml")):
        try:
            areas = tomllib.loads(path.read_text("utf-8")).get("area", [])
            codes = frozenset(one["code"] for area in areas for one in area.get("component", []))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
        found[path.stem] = codes
    return found


def hints(content: Content, frames: Known) -> list[Problem]:
    """The competencies of outcomes that no frame knows. A frame without components is not complete, and knows all."""
    found: list[Problem] = []
    for outcome in content.outcomes:
        for competency in outcome.competencies:
            if key := _unknown(*competency.split(":", 1), frames=frames):
                values = {"outcome": outcome.id, "competency": competency}
                found.append(Problem("course.toml", 1, key, values, is_hint=True))
    return found


def _unknown(frame: str, code: str = "", *, frames: Known) -> str | None:
    if frame not in frames:
        return "unknown-frame"
    return "unknown-competency" if frames[frame] and code not in frames[frame] else None
