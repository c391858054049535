"""What differs between two texts of a course, so that a person can read it. Pure.

Lessons are compared block by block and word by word, questions and settings field by field.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lms.authoring import telling
from lms.authoring.words import ALIKE, Kind, Part, alike, words
from lms.catalogue import blocks
from lms.catalogue.content import Content, Lesson, Question


@dataclass(frozen=True)
class Change:
    """A field or a block: what became of it, and its words. `name` of a block is ""."""

    kind: Kind
    parts: tuple[Part, ...]
    name: str = ""


@dataclass(frozen=True)
class Section:
    """A lesson, a question, or the settings of a course or a quiz. `area` is course, quiz, lesson, question or file."""

    area: str
    kind: Kind
    key: str
    title: str
    changes: tuple[Change, ...] = ()


def sections(before: Content, after: Content) -> list[Section]:
    """All that differs, in the order in which a course is read; what is the same is left out."""
    found = [
        _settings("course", telling.head(before), telling.head(after)),
        *_lessons(before.pages, after.pages),
        _settings("quiz", telling.quiz(before.quiz), telling.quiz(after.quiz)),
        *_questions(before.quiz.questions, after.quiz.questions),
    ]
    return [section for section in found if section.kind is not Kind.SAME]


def of_files(before: Mapping[str, str], after: Mapping[str, str]) -> list[Section]:
    """What differs between files, line by line: for texts that cannot be read as a course, and for media."""
    paths = (path for path in sorted({*before, *after}) if before.get(path) != after.get(path))
    return [_file(path, before.get(path), after.get(path)) for path in paths]


def _file(path: str, before: str | None, after: str | None) -> Section:
    return Section("file", _presence(before, after), path, path, _line_changes(before or "", after or ""))


def _settings(area: str, before: Mapping[str, str], after: Mapping[str, str]) -> Section:
    changes = tuple(_fields(before, after))
    return Section(area, Kind.CHANGED if changes else Kind.SAME, area, "", changes)


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Change(_presence(old or None, new or None), words(old, new), name)


def _lessons(before: Sequence[Lesson], after: Sequence[Lesson]) -> Iterator[Section]:
    old = _paired(before, after, lambda lesson: lesson.slug, _name, lambda lesson: lesson.title)
    order = _kept_order(
        [lesson.slug for lesson in before], [old[lesson.slug].slug for lesson in after if lesson.slug in old]
    )
    for lesson in after:
        former = old.get(lesson.slug)
        if former is None:
            yield Section("lesson", Kind.ADDED, lesson.slug, lesson.title, tuple(_whole(lesson, Kind.ADDED)))
            continue
        changes = (*_fields(telling.lesson(former), telling.lesson(lesson)), *block_changes(former.text, lesson.text))
        moved = Kind.SAME if former.slug in order else Kind.MOVED
        yield Section("lesson", Kind.CHANGED if changes else moved, lesson.slug, lesson.title, changes)
    kept = {lesson.slug for lesson in old.values()}
    for lesson in before:
        if lesson.slug not in kept:
            yield Section("lesson", Kind.REMOVED, lesson.slug, lesson.title, tuple(_whole(lesson, Kind.REMOVED)))


def _name(lesson: Lesson) -> str:
    """A lesson's name without its number."""
    return lesson.slug[3:]


def _questions(before: Sequence[Question], after: Sequence[Question]) -> Iterator[Section]:
    old = {question.id: question for question in before}
    for question in after:
        former = old.pop(question.id, None)
        changes = tuple(_fields(telling.question(former) if former else {}, telling.question(question)))
        kind = Kind.ADDED if former is None else Kind.CHANGED if changes else Kind.SAME
        yield Section("question", kind, question.id, question.text, changes)
    for question in old.values():
        yield Section(
            "question", Kind.REMOVED, question.id, question.text, tuple(_fields(telling.question(question), {}))
        )


def block_changes(before: str, after: str) -> Iterator[Change]:
    """The blocks of a lesson that were changed, added, removed or moved, in the order of the new text."""
    old, new = ([block.source for block in blocks.split(text)] for text in (before, after))
    gone, come = set(old) - set(new), set(new) - set(old)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        rest = [source for source in old[a:b] if source in gone]
        for source in new[c:d]:
            if source not in come:
                if source in old:
                    yield Change(Kind.MOVED, (Part(Kind.SAME, source),))
                continue
            former = _most_alike(source, rest)
            if former is None:
                yield Change(Kind.ADDED, (Part(Kind.ADDED, source),))
            else:
                rest.remove(former)
                yield Change(Kind.CHANGED, words(former, source))
        yield from (Change(Kind.REMOVED, (Part(Kind.REMOVED, source),)) for source in rest)


def _most_alike(text: str, others: Iterable[str]) -> str | None:
    found = max(((alike(text, other), other) for other in others), default=(0.0, ""))
    return found[1] if found[0] >= ALIKE else None


def _paired(before: Sequence[Lesson], after: Sequence[Lesson], *names: Callable[[Lesson], str]) -> dict[str, Lesson]:
    """The lesson that each lesson was before, by slug: the one of the same slug, name, or title."""
    found: dict[str, Lesson] = {}
    for name in names:
        left = {name(lesson): lesson for lesson in before if lesson not in found.values()}
        for lesson in after:
            if lesson.slug not in found and name(lesson) in left:
                found[lesson.slug] = left.pop(name(lesson))
    return found


def _kept_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Those that stand to each other as they did."""
    matches = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {before[match.a + step] for match in matches for step in range(match.size)}


def _whole(lesson: Lesson, kind: Kind) -> Iterator[Change]:
    return (Change(kind, (Part(kind, block.source),)) for block in blocks.split(lesson.text) if block.source)


def _presence(before: object, after: object) -> Kind:
    return Kind.ADDED if before is None else Kind.REMOVED if after is None else Kind.CHANGED


def _line_changes(before: str, after: str) -> tuple[Change, ...]:
    old, new = before.split("\n"), after.split("\n")
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(
        Change(Kind.CHANGED, words("\n".join(old[a:b]), "\n".join(new[c:d])))
        for tag, a, b, c, d in codes
        if tag != "equal"
    )
