"""ARCHITECTURE.md and docs/operating.md say what is there."""

import re
from pathlib import Path

import pytest

from lms.config import Settings
from tests.architecture.source import ROOT

MAP_LINE = re.compile(r"^ {4,}(\S.*?)(?: {2,}|$)")


@pytest.fixture
def mapped() -> set[str]:
    """The folders and files that the map names, by their path."""
    page = _page("ARCHITECTURE.md")
    block = re.search(r"^## Map\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert block, "ARCHITECTURE.md has no section «Map»"
    return set(_paths(block[1].splitlines()))


def test_what_the_map_names_exists(mapped: set[str]) -> None:
    assert not [path for path in sorted(mapped) if not (ROOT / path).exists()]


def test_every_package_is_on_the_map(mapped: set[str]) -> None:
    packages = {f"lms/{path.parent.name}" for path in (ROOT / "lms").glob("*/__init__.py")}
    assert not packages - {path.rstrip("/") for path in mapped}


def test_every_setting_is_documented() -> None:
    page = _page("docs/operating.md")
    assert not [name for name in Settings.model_fields if name.upper() not in page]


def _page(name: str) -> str:
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"{name} is not written yet")
    return path.read_text("utf-8")


def _paths(lines: list[str]) -> list[str]:
    """The paths of an indented tree: `lms/`, and below it, deeper, `access.py audit.py    words`."""
    found: list[str] = []
    folders: list[tuple[int, str]] = []
    for line in lines:
        match = MAP_LINE.match(line)
        if not match:
            continue
        depth = len(line) - len(line.lstrip())
        while folders and folders[-1][0] >= depth:
            folders.pop()
        above = folders[-1][1] if folders else ""
        for name in match[1].split():
            if not re.fullmatch(r"[\w.-]+/?|[\w.-]+(?:/[\w.-]+)+/?", name) or not (
                name.endswith("/") or Path(name).suffix
            ):
                continue
            found.append(f"{above}{name}")
            if name.endswith("/"):
                folders.append((depth, f"{above}{name}"))
    return found
