"""Reading a course package: a folder of text in, a `Content` and a list of problems out. Format: courses/README.md."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms import text
from lms.catalogue import media
from lms.catalogue.content import (
    FEEDBACK_WHEN,
    KIT,
    RETRY,
    SLUG,
    Content,
    Criterion,
    Draw,
    Gap,
    LegalBasis,
    Lesson,
    Option,
    Outcome,
    Question,
    Quiz,
)
from lms.language import gettext

HEAD = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)|at end of document")
LESSON_NAME = re.compile(r"^\d\d-[a-z0-9-]+\.md$")
FILE_BYTES = 1_000_000


@dataclass(frozen=True)
class Problem:
    """Something wrong at a place of a package. `key` is a message key; a hint does not stop a publication."""

    file: str
    line: int
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_hint: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {gettext(f'package.{self.key}', **self.values)}"


@dataclass
class Package:
    """What was read. `content` is None when it cannot be put together at all."""

    content: Content | None
    media: dict[str, bytes]
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_hint]


def read(folder: Path) -> Package:
    """Read the package in a folder, whose name is the course's slug."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    return read_files(folder.name, files)


def read_files(slug: str, files: Mapping[str, bytes]) -> Package:
    """Read a package from its files by relative path."""
    from lms.catalogue.check import check

    reader = _Reader(files)
    head, quiz = reader.toml("course.toml"), reader.toml("quiz.toml")
    if not SLUG.match(slug):
        reader.problem("course.toml", 1, "bad-slug", slug=slug)
    pages = [page for name in sorted(files) if name.endswith(".md") and (page := reader.page(name))]
    brought = {name: content for name, content in files.items() if reader.is_media(name, content)}
    content = None
    if head is not None and quiz is not None:
        content = reader.content(slug, head, pages, quiz)
        check(content, brought, reader)
    return Package(content, brought, reader.problems)


def trouble_of_text(name: str, content: bytes) -> Problem | None:
    """Why a file cannot be read as text."""
    if len(content) > FILE_BYTES:
        return Problem(name, 1, "file-too-large", {"limit": FILE_BYTES // 1000})
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return Problem(name, content.count(b"\n", 0, error.start) + 1, "not-utf8")
    return None


class _Reader:
    """Collects problems while it reads; what is missing is read as empty, so that one run finds them all."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.texts: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.question_lines: list[int] = []

    def problem(self, file: str, line: int, key: str, *, is_hint: bool = False, **values: Any) -> None:
        self.problems.append(Problem(file, line, key, values, is_hint))

    def text(self, name: str) -> str | None:
        if name not in self.files:
            self.problem(name, 1, "no-file")
            return None
        if trouble := trouble_of_text(name, self.files[name]):
            self.problems.append(trouble)
            return None
        self.texts[name] = text.normal(self.files[name].decode("utf-8-sig"))
        return self.texts[name]

    def toml(self, name: str) -> dict[str, Any] | None:
        source = self.text(name)
        return None if source is None else self.parse(name, source, 0)

    def parse(self, name: str, source: str, lines_before: int) -> dict[str, Any] | None:
        try:
            return tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            place = TOML_PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else source.count("\n") + 1
            self.problem(name, line + lines_before, "bad-toml", detail=TOML_PLACE.sub("", str(error)).strip(" ()"))
            return None

    def page(self, name: str) -> Lesson | None:
        is_kit = name.removesuffix(".md") in KIT
        if not (is_kit or LESSON_NAME.match(name)):
            self.problem(name, 1, "bad-lesson-name")
            return None
        source = self.text(name)
        if source is None:
            return None
        match = HEAD.match(source)
        head = self.parse(name, match[1], 1) if match else None
        if match is None:
            self.problem(name, 1, "no-lesson-head")
        if match is None or head is None:
            return None
        table = _Table(self, name, 1, head)
        return Lesson(
            slug=name.removesuffix(".md"),
            title=table.text("title"),
            minutes=int(table.number("minutes", least=1)),
            outcomes=table.texts("outcomes", optional=is_kit),
            summary=table.text("summary"),
            text=match[2].strip("\n"),
        )

    def is_media(self, name: str, content: bytes) -> bool:
        if not name.startswith("media/"):
            if name not in ("course.toml", "quiz.toml") and not name.endswith(".md"):
                self.problem(name, 1, "unknown-file", is_hint=True)
            return False
        if trouble := media.trouble(name, content):
            self.problem(name, 1, trouble[0], **trouble[1])
        return True

    def content(self, slug: str, head: dict[str, Any], pages: Sequence[Lesson], quiz: dict[str, Any]) -> Content:
        table = _Table(self, "course.toml", 1, head)
        english = table.table("en", optional=True)
        translated = english.table("outcomes", optional=True) if english else None
        kit = {page.slug: page for page in pages if page.slug in KIT}
        return Content(
            slug=slug,
            title=table.text("title"),
            summary=table.text("summary"),
            topic=table.text("topic"),
            category=table.text("category"),
            periods=table.number("periods", least=0.25),
            law_as_of=table.day("law_as_of"),
            audience=table.texts("audience", optional=True),
            level=table.text("level", optional=True) or "basic",
            outcomes=tuple(
                Outcome(
                    o.text("id"),
                    o.text("text"),
                    translated.text(o.text("id"), optional=True) if translated else "",
                    o.texts("competencies", optional=True),
                )
                for o in table.tables("outcome")
            ),
            legal_basis=tuple(self._legal_basis(basis) for basis in table.tables("legal_basis", optional=True)),
            en_title=english.text("title") if english else "",
            en_summary=english.text("summary") if english else "",
            lessons=tuple(page for page in pages if page.slug not in KIT),
            quiz=self._quiz(_Table(self, "quiz.toml", 1, quiz)),
            wants=table.texts("wants", optional=True),
            en_wants=english.texts("wants", optional=True) if english else (),
            next=table.texts("next", optional=True),
            kit=tuple(kit[slug] for slug in KIT if slug in kit),
        )

    def _legal_basis(self, basis: "_Table") -> LegalBasis:
        return LegalBasis(
            number=basis.text("number"),
            title=basis.text("title"),
            issuer=basis.text("issuer", optional=True),
            issued_on=basis.day("issued_on", optional=True),
            in_force_from=basis.day("in_force_from", optional=True),
            in_force_to=basis.day("in_force_to", optional=True),
            replaced_by=basis.text("replaced_by", optional=True),
        )

    def _quiz(self, table: "_Table") -> Quiz:
        settings = table.table("quiz") or _Table(self, "quiz.toml", 1, {})
        return Quiz(
            passing=settings.number("pass", least=0.01, most=1),
            attempts=int(settings.number("attempts", default=0)),
            cool_down_minutes=int(settings.number("cool_down_minutes", default=0)),
            time_limit_minutes=int(settings.number("time_limit_minutes", default=0)),
            feedback=settings.text("feedback", optional=True) or "after",
            topics=tuple((topic.text("id"), topic.text("title")) for topic in table.tables("topic")),
            draws=tuple(
                Draw(
                    int(d.number("count", least=1)), d.text("topic", optional=True), d.text("difficulty", optional=True)
                )
                for d in table.tables("draw")
            ),
            questions=tuple(self._question(question) for question in table.tables("question")),
            grace_seconds=int(settings.number("grace_seconds", default=30)),
            feedback_when=settings.text("feedback_when", optional=True) or FEEDBACK_WHEN[0],
            retry=settings.text("retry", optional=True) or RETRY[0],
            markers=int(settings.number("markers", default=1, least=1, most=2)),
        )

    def _question(self, q: "_Table") -> Question:
        self.question_lines.append(q.line)
        feedback = q.table("feedback", optional=True) or _Table(self, q.file, q.line, {})
        gaps = q.table("gaps", optional=True)
        answer = q.data.get("answer")
        rubric = tuple(
            Criterion(c.text("text"), c.number("points", least=0.25)) for c in q.tables("rubric", optional=True)
        )
        return Question(
            id=q.text("id"),
            type=q.text("type"),
            topic=q.text("topic"),
            outcome=q.text("outcome"),
            difficulty=q.text("difficulty"),
            text=q.lines("text"),
            points=sum(c.points for c in rubric) or q.number("points", default=1, least=0.25),
            right_feedback=feedback.lines("right", optional=True),
            wrong_feedback=feedback.lines("wrong", optional=True),
            options=tuple(
                Option(o.text("text"), o.data.get("right") is True, o.lines("feedback", optional=True))
                for o in q.tables("options", optional=True)
            ),
            answer=answer if isinstance(answer, bool | int | float | str) else None,
            tolerance=q.number("tolerance", default=0),
            unit=q.text("unit", optional=True),
            answers=q.texts("answers", optional=True),
            forgive=q.texts("forgive", optional=True),
            pairs=tuple((p.text("left"), p.text("right")) for p in q.tables("pairs", optional=True)),
            extra=q.texts("extra", optional=True),
            items=q.texts("items", optional=True),
            gaps=tuple(_gap(key, gaps) for key in gaps.data) if gaps else (),
            rubric=rubric,
            most_words=int(q.number("most_words", default=0)),
            variants=tuple(
                tuple((name, text.clean(str(value))) for name, value in v.data.items())
                for v in q.tables("variants", optional=True)
            ),
            excludes=q.texts("excludes", optional=True),
            author=q.text("author", optional=True),
            licence=q.text("licence", optional=True),
            source=q.text("source", optional=True),
        )


def _gap(key: str, gaps: "_Table") -> Gap:
    gap = gaps.table(key) or _Table(gaps.reader, gaps.file, gaps.line, {})
    answers, forgive = gap.texts("answers", optional=True), gap.texts("forgive", optional=True)
    return Gap(key, answers, forgive, gap.texts("options", optional=True))


class _Table:
    """A TOML table at a line of a file; a missing or wrong value is a problem there, and reads as empty."""

    def __init__(self, reader: _Reader, file: str, line: int, data: Mapping[str, Any]) -> None:
        self.reader, self.file, self.line, self.data = reader, file, line, data

    def value(self, key: str, kinds: tuple[type, ...], optional: bool) -> Any:
        found = self.data.get(key)
        if found is None:
            if not optional:
                self._wrong(key, "missing-key")
            return None
        if not isinstance(found, kinds) or (isinstance(found, bool) and bool not in kinds):
            self._wrong(key, "wrong-kind")
            return None
        return found

    def text(self, key: str, optional: bool = False) -> str:
        return text.clean(self.value(key, (str,), optional) or "")

    def lines(self, key: str, optional: bool = False) -> str:
        return text.clean_lines(self.value(key, (str,), optional) or "")

    def texts(self, key: str, optional: bool = False) -> tuple[str, ...]:
        return tuple(text.clean(str(item)) for item in self.value(key, (list,), optional) or ())

    def number(self, key: str, *, default: float | None = None, least: float = 0, most: float = 10_000) -> float:
        found = self.value(key, (int, float), default is not None)
        if found is None:
            return default if default is not None else least
        if not least <= found <= most:
            self._wrong(key, "out-of-range", least=least, most=most)
            return least
        return float(found) if isinstance(found, float) else int(found)

    def day(self, key: str, optional: bool = False) -> str:
        from datetime import date

        found = self.value(key, (date,), optional)
        return found.isoformat()[:10] if found else ("" if optional else "1970-01-01")

    def table(self, key: str, optional: bool = False) -> "_Table | None":
        found = self.value(key, (dict,), optional)
        return None if found is None else _Table(self.reader, self.file, self._line_of(key), found)

    def tables(self, key: str, optional: bool = False) -> list["_Table"]:
        found = self.value(key, (list,), optional) or []
        lines = self._lines_of_tables(key)
        if len(lines) != len(found):  # written as one array, or inside a table
            lines = [self._line_of(key)] * len(found)
        tables = zip(found, lines, strict=True)
        return [_Table(self.reader, self.file, line, item) for item, line in tables if isinstance(item, dict)]

    def _wrong(self, key: str, problem: str, **values: Any) -> None:
        self.reader.problem(self.file, self._line_of(key), problem, name=key, **values)

    def _line_of(self, key: str) -> int:
        """The line of a key in this table, found by looking on from the table's own line."""
        pattern = re.compile(rf"^\s*(?:\[+)?{re.escape(key)}\b\s*(?:=|\])")
        for number, line in enumerate(self._source()[self.line - 1 :], start=self.line):
            if number > self.line and line.startswith("[["):
                break
            if pattern.match(line):
                return number
        return self.line

    def _lines_of_tables(self, key: str) -> list[int]:
        head = re.compile(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]\s*(?:#|$)")
        return [number for number, line in enumerate(self._source(), start=1) if head.match(line)]

    def _source(self) -> list[str]:
        return self.reader.texts.get(self.file, "").split("\n")
