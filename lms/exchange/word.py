"""Word files: read as people write them, written so that nothing is lost when they are read again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from lms import text
from lms.catalogue import pictures
from lms.catalogue.content import Lesson, Question
from lms.exchange import exam_text, notation, outline, rest, word_reading, word_writing
from lms.exchange import parts as pieces
from lms.exchange.answers import LETTERS
from lms.exchange.carried import Carried, Remark, Source
from lms.exchange.exam_text import Exam
from lms.exchange.ooxml import UnreadableWord
from lms.exchange.paragraphs import Block, Paragraph, Table, paragraphs, tidied
from lms.exchange.parts import Parts
from lms.exchange.topics import Names, Topics

SHOWN = 400
PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".webp")
LEAST_WORDS = 30


def read(name: str, content: bytes) -> Carried:
    """The lessons and the questions of a Word file."""
    try:
        document, remarks = word_reading.read(content)
    except UnreadableWord as unreadable:
        return Carried(remarks=[Remark("", unreadable.key, is_error=True)])
    spoilt = {remark.place for remark in remarks if remark.is_error}
    carried = understood(document.blocks, document.media, PurePosixPath(text.clean(name)).stem, spoilt)
    carried.remarks[:0] = remarks
    carried.remarks.sort(key=_order)
    carried.source = tuple(_source(document.blocks))
    if not carried.questions and not carried.lessons and not carried.errors:
        carried.remarks.append(Remark("", "nothing-found", is_error=True))
    return carried


def write(carried: Carried) -> tuple[bytes, list[Remark]]:
    """The Word file of lessons and questions, and what Word cannot show."""
    blocks, remarks = blocks_of(carried)
    return word_writing.write(blocks, carried.media, carried.title), remarks


def understood(blocks: Sequence[Block], media: Mapping[str, bytes], name: str, spoilt: Collection[str] = ()) -> Carried:
    """What blocks say. Questions that touch a `spoilt` place are left out."""
    kept, entries = _apart(blocks)
    return _Reading(outline.with_headings(kept), rest.Rest(entries), name, spoilt).carried(media)


def blocks_of(carried: Carried) -> tuple[list[Block], list[Remark]]:
    """The paragraphs and tables that say what is carried, with the appendix for what they cannot say."""
    blocks: list[Block] = []
    if carried.title:
        blocks.append(Paragraph(word_writing.words(carried.title), "title"))
    for lesson in carried.lessons:
        blocks += word_writing.lesson(lesson, carried.media)
    topics = dict(carried.topics)
    if carried.questions:
        blocks.append(Paragraph(word_writing.words(notation.spelling("paper", "questions")), "part"))
    for number, question in enumerate(carried.questions, start=1):
        blocks += word_writing.question(pieces.parts(question, topics), number, carried.media)
    _placed(blocks)
    entries = _entries(carried, blocks)
    shown = {span.picture for block in blocks for p in paragraphs(block) for span in p.spans if span.picture}
    hidden = [path for path in carried.media if path not in shown and path.endswith(PICTURES)]
    blocks += word_writing.appendix(entries, hidden)
    return blocks, list(_cannot_show(carried))


class _Reading:
    """Goes through the blocks once and gives each to the question or the lesson that it belongs to."""

    def __init__(self, blocks: Sequence[Block], kept: rest.Rest, name: str, spoilt: Collection[str] = ()) -> None:
        self.blocks, self.rest, self.name, self.spoilt = blocks, kept, name, spoilt
        self.left_out: set[int] = set()
        self.exam = Exam(blocks)
        self.level = outline.lesson_level(blocks)
        self.is_among_questions = not any(isinstance(b, Paragraph) and b.style == "part" for b in blocks)
        self.title = ""
        self.open = outline.Part(None)
        self.parts = [self.open]
        self.headings: dict[int, str] = {}
        self.remarks: list[Remark] = []
        self.lesson_places: dict[str, str] = {}

    def carried(self, media: Mapping[str, bytes]) -> Carried:
        for block in self.blocks:
            self.take(block)
        self.exam.end()
        lessons = self.lessons()
        topics = Topics(self.rest.topics())
        questions, places = self.questions(topics)
        self.remarks += [
            Remark(place, "key-without-question", {"question": label}) for label, place in self.exam.strays
        ]
        self.remarks.sort(key=_order)
        title = self.title or (lessons[0].title if len(lessons) == 1 else "") or self.name
        starts = [parts.place for parts in self.exam.questions] + [p.heading.place for p in self.parts if p.heading]
        carried = Carried(questions, lessons, title, topics.known, dict(media), self.remarks)
        carried.places, carried.starts = places | self.lesson_places, tuple(starts)
        return carried

    def take(self, block: Block) -> None:
        if isinstance(block, Paragraph) and block.style in ("title", "part", "heading"):
            self.exam.close()
            self.head(block)
        elif self.is_field(block):
            return
        elif self.may_ask(block) and self.exam.take(block, in_lesson=bool(self.open.blocks)):
            self.open.asks = True
            self.note(block)
        else:
            self.open.blocks.append(block)

    def may_ask(self, block: Block) -> bool:
        """In a file that we wrote questions have a part of their own: what looks like one before it is a lesson's text."""
        is_ours = isinstance(block, Paragraph) and block.style in exam_text.STYLES
        return self.is_among_questions or is_ours

    def head(self, block: Paragraph) -> None:
        self.is_among_questions |= block.style == "part"
        if block.style == "title" and not self.title:
            self.title = text.clean(block.plain)
        elif block.style == "heading" and block.level > self.level and self.level:
            self.open.blocks.append(block)
        else:
            if block.style == "heading" and block.level < self.level and not self.title:
                self.title = text.clean(block.plain)
            self.open = outline.Part(block if block.style == "heading" else None)
            self.parts.append(self.open)

    def is_field(self, block: Block) -> bool:
        """Whether a line under a lesson's heading says how long it takes, or what it is for."""
        if not isinstance(block, Paragraph) or self.open.heading is None or self.open.blocks or self.open.asks:
            return False
        label = exam_text.label_of(block, "lesson")
        if not label or (block.style != "lesson-field" and label[0] not in ("minutes", "outcomes", "summary")):
            return False
        self.open.fields[label[0]] = text.clean(label[1])
        return True

    def note(self, block: Block) -> None:
        """Remember under which heading a question came, and whether it cannot be trusted."""
        for question in self.exam.questions[-1:]:
            self.headings.setdefault(id(question), self.open.title)
            if block.place in self.spoilt and self.exam.current:
                self.left_out.add(id(question))

    def lessons(self) -> tuple[Lesson, ...]:
        made: list[Lesson] = []
        for part in self.parts:
            if part.heading is None and not self.is_lesson(part):
                self.remarks += outline.loose(part)
            elif part.blocks or "slug" in part.fields:
                titled = (
                    part
                    if part.heading
                    else replace(part, heading=Paragraph(word_writing.words(self.title or self.name)))
                )
                lesson, remarks = outline.lesson(titled, len(made) + 1, self.level or 1)
                self.remarks += remarks
                made.append(self.rest.lesson(lesson))
                self.lesson_places[made[-1].slug] = titled.heading.place if titled.heading else ""
            elif part.heading is not None and not part.asks and part.heading.level >= self.level:
                self.remarks.append(Remark(part.heading.place, "empty-lesson", {"title": part.title}))
        return tuple(_apart_by_slug(made))

    def is_lesson(self, part: outline.Part) -> bool:
        """Whether text without a heading is a lesson: not the head of an exam."""
        return not self.exam.questions and outline.has_words(part, LEAST_WORDS if self.level else 1)

    def questions(self, topics: Topics) -> tuple[tuple[Question, ...], dict[str, str]]:
        made: list[Question] = []
        places: dict[str, str] = {}
        names = Names()
        has_lessons = any(part.blocks for part in self.parts if part.heading)
        for number, parts in enumerate(self.exam.questions, start=1):
            heading = "" if has_lessons else self.headings.get(id(parts), "")
            question = self.rest.question(parts) or self.question(parts, number, topics, heading)
            question = None if id(parts) in self.left_out else question
            self.remarks += parts.remarks if not question else [replace(r, is_error=False) for r in parts.remarks]
            if question:
                made.append(replace(question, id=names.free(question.id)))
                places[made[-1].id] = parts.place
        return tuple(made), places

    def question(self, parts: Parts, number: int, topics: Topics, heading: str) -> Question | None:
        made = pieces.question(parts, f"q{number:02}", heading)
        return replace(made, topic=topics.id(made.topic)) if made else None


def _entries(carried: Carried, blocks: Sequence[Block]) -> list[rest.Entry]:
    """What the blocks, read again, do not say."""
    blocks = [block for block in tidied(blocks) if not isinstance(block, Paragraph) or block.spans]
    reading = _Reading(blocks, rest.Rest([rest.Entry("topics", "", rest.dumped(carried.topics))]), "")
    for block in blocks:
        reading.take(block)
    reading.exam.end()
    topics = Topics(carried.topics)
    read = [(p, reading.question(p, n, topics, "")) for n, p in enumerate(reading.exam.questions, start=1)]
    entries = rest.entries_for_questions(carried.questions, read)
    lessons = [outline.lesson(part, n, 1)[0] for n, part in enumerate((p for p in reading.parts if p.heading), start=1)]
    for lesson, again in zip(carried.lessons, lessons, strict=True):
        if again != lesson:
            entries.append(rest.entry_for_lesson(lesson, again))
    return [rest.Entry("topics", "", rest.dumped(carried.topics)), *entries] if carried.topics or entries else []


def _apart(blocks: Sequence[Block]) -> tuple[list[Block], list[rest.Entry]]:
    """The text, and the entries of the appendix."""
    kept: list[Block] = []
    entries: list[rest.Entry] = []
    for block in blocks:
        if isinstance(block, Table) and any(p.style == "rest" for p in paragraphs(block)):
            rows = [["".join(p.plain for p in cell) for cell in row] for row in block.rows]
            entries += [
                rest.Entry(kind, code, value, mark) for code, kind, value, mark in (r for r in rows if len(r) == 4)
            ]
        elif not (isinstance(block, Paragraph) and block.style == "rest"):
            kept.append(block)
    return kept, entries


def _apart_by_slug(lessons: Sequence[Lesson]) -> Iterator[Lesson]:
    seen: set[str] = set()
    for number, lesson in enumerate(lessons, start=1):
        slug = lesson.slug if lesson.slug not in seen else f"{number:02}-{lesson.slug[3:] or 'bai'}"
        seen.add(slug)
        yield lesson if slug == lesson.slug else replace(lesson, slug=slug)


def _cannot_show(carried: Carried) -> Iterator[Remark]:
    for path in carried.media:
        if path.endswith((".svg", ".webp")):
            yield Remark(path, "word-shows-no-svg")
        elif not path.endswith(PICTURES):
            yield Remark(path, "word-carries-no-media")
    for question in carried.questions:
        for path in pictures.of_question(question):
            if path not in carried.media:
                yield Remark(question.id, "lost-picture", {"name": path})
        if len(question.options) > len(LETTERS) or len(question.items) > len(LETTERS):
            yield Remark(question.id, "too-many-letters")


def _placed(blocks: Sequence[Block]) -> None:
    for number, block in enumerate(blocks, start=1):
        block.place = str(number)
        for paragraph in paragraphs(block):
            paragraph.place = str(number)


def _source(blocks: Sequence[Block]) -> Iterator[Source]:
    for block in blocks:
        if isinstance(block, Table) and any(p.style == "rest" for p in paragraphs(block)):
            continue
        words = block.words if isinstance(block, Table) else [[_shown(block)]]
        label = f"{block.label} " if isinstance(block, Paragraph) and block.label else ""
        yield Source(block.place, f"{label}{chr(10).join(' | '.join(row) for row in words)}"[:SHOWN])


def _shown(block: Paragraph) -> str:
    """The words of a paragraph, those that describe a picture in its place."""
    return "".join(f"{pictures.SIGN}{span.text}" if span.picture else span.text for span in block.spans)


def _order(remark: Remark) -> tuple[int, ...]:
    return tuple(int(each) for each in remark.place.split(".") if each.isdigit())
