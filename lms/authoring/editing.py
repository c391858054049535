"""Changes of a draft's files: lessons added, moved, renamed; blocks put in their places. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms import text
from lms.catalogue import blocks, writing
from lms.catalogue.content import Lesson
from lms.catalogue.package import HEAD, LESSON_NAME

Files = Mapping[str, str]

QUESTION_ID = re.compile(r"q(\d+)")


def lesson_names(files: Files) -> list[str]:
    """The slugs of the lessons, in their order."""
    return sorted(path.removesuffix(".md") for path in files if LESSON_NAME.match(path))


def body(source: str) -> str:
    """A lesson's text without its head."""
    found = HEAD.match(source)
    return (found[2] if found else source).strip("\n")


def with_body(source: str, markdown: str) -> str:
    """A lesson's file with another text under the same head."""
    found = HEAD.match(source)
    kept = markdown.strip("\n")
    return f"+++\n{found[1]}\n+++\n\n{kept}\n" if found else f"{kept}\n"


def with_head(source: str, lesson: Lesson) -> str:
    """A lesson's file with another head over the same text."""
    return writing.lesson(replace(lesson, text=body(source)))


def added_lesson(files: Files, title: str, outcomes: Sequence[str]) -> tuple[dict[str, str], str]:
    """The files with a new lesson at the end, and its slug."""
    slug = _numbered(len(lesson_names(files)) + 1, text.slug(title)[:60].strip("-") or "bai")
    return {**files, f"{slug}.md": writing.lesson(Lesson(slug, title, 10, tuple(outcomes), "", ""))}, slug


def removed_lesson(files: Files, slug: str) -> dict[str, str]:
    """The files without a lesson; the others keep their names."""
    return {path: source for path, source in files.items() if path != f"{slug}.md"}


def reordered(files: Files, order: Sequence[str]) -> dict[str, str]:
    """The files with the lessons numbered in another order; links between lessons follow."""
    names = lesson_names(files)
    if sorted(order) != names or list(order) == names:
        return dict(files)
    renamed = {slug: _numbered(place, slug[3:]) for place, slug in enumerate(order, start=1)}
    others = {path: source for path, source in files.items() if path.removesuffix(".md") not in renamed}
    return others | {f"{renamed[slug]}.md": _relinked(files[f"{slug}.md"], renamed) for slug in order}


def moved(items: Sequence[str], place: int, by: int) -> list[str]:
    """A list with one item some places on."""
    found = list(items)
    if 0 <= place < len(found) and 0 <= place + by < len(found):
        found.insert(place + by, found.pop(place))
    return found


def spliced(markdown: str, at: int, count: int, sources: Sequence[str]) -> str:
    """A text with some of its blocks replaced; the places between others stay as they were."""
    found = list(blocks.split(markdown))
    before, after = found[:at], found[at + count :]
    new = [block for source in sources for block in blocks.split(source.strip("\n"))]
    if before and (new or after) and "\n\n" not in before[-1].after:
        before[-1] = replace(before[-1], after="\n\n")
    for place, block in enumerate(new):
        is_last = place == len(new) - 1 and not after
        new[place] = replace(block, after="" if is_last else block.after if "\n" in block.after else "\n\n")
    if new and after:
        new[-1] = replace(new[-1], after="\n\n")
    return blocks.join([*before, *new, *after]).strip("\n")


def shifted(markdown: str, at: int, by: int) -> str:
    """A text with one block moved up or down."""
    found = list(blocks.split(markdown))
    if not (0 <= at < len(found) and 0 <= at + by < len(found)):
        return markdown
    found.insert(at + by, found.pop(at))
    return blocks.arranged(found)


def arranged(markdown: str, order: Sequence[int]) -> str:
    """A text with its blocks in another order; as it was when the order does not name each block once."""
    found = blocks.split(markdown)
    return blocks.arranged(found[place] for place in order) if sorted(order) == list(range(len(found))) else markdown


def place_of(markdown: str, sources: Sequence[str], near: int) -> int | None:
    """Where these blocks stand together in a text, nearest to a place; None when they do not."""
    found = [block.source for block in blocks.split(markdown)]
    width = len(sources)
    places = [at for at in range(len(found) - width + 1) if found[at : at + width] == list(sources)]
    return min(places, key=lambda at: abs(at - near), default=None)


def sources_of(markdown: str) -> list[str]:
    """The sources of a text's blocks."""
    return [block.source for block in blocks.split(markdown.strip("\n"))]


def next_question_id(ids: Sequence[str]) -> str:
    """The first free one after q01, q02, …"""
    taken = [int(found[1]) for id in ids if (found := QUESTION_ID.fullmatch(id))]
    return f"q{max(taken, default=0) + 1:02}"


def _numbered(place: int, name: str) -> str:
    return f"{place:02}-{name}"


def _relinked(source: str, renamed: Mapping[str, str]) -> str:
    def link(match: re.Match[str]) -> str:
        return f"]({renamed.get(match[1], match[1])}.md"

    return re.sub(r"\]\((\d\d-[a-z0-9-]+)\.md", link, source)
