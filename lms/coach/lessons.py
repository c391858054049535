"""What the coach says of lessons: their length, how they read, their pictures, films and law. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from lms import text
from lms.catalogue import blocks, plain
from lms.catalogue.blocks import Block
from lms.catalogue.content import KIT, Content, Lesson
from lms.catalogue.pictures import of_question
from lms.coach import law, reading
from lms.coach.hint import Hint, hint, shortened
from lms.coach.law import Document
from lms.coach.reading import listed, words

FASTEST = 200
"""Syllables a minute that nobody reads and understands any faster."""
SLOWEST = 15
MOST_MINUTES = 60
MOST_WORDS = 3000
LONG_SENTENCE = 35
LONG_PARAGRAPH = 120
HEAVY_LOAD = 28.0
LEAST_FOR_LOAD = 100
FEWEST_WORDS_OF_ALT = 4

PICTURE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\(([^)\s]+)")
SAYS_NOTHING = re.compile(
    r"(hinh|anh|so do|bieu do|minh hoa|hinh anh|buc anh|image|picture|figure|photo|img|screenshot)?[ _-]*\d*"
    r"|.*\.(png|jpe?g|svg|webp)"
)
PROSE = ("text", "callout", "checklist", "slides", "video", "audio")
FILMS = ("video", "audio")


def hints(content: Content, media: Collection[str], day: date) -> Iterator[Hint]:
    """All hints about the lessons of a course and about its kit, in their order."""
    documents = law.documents(content.legal_basis)
    named = frozenset(basis.number for basis in content.legal_basis)
    for lesson in content.pages:
        file, found = f"{lesson.slug}.md", blocks.split(lesson.text)
        if lesson.slug not in KIT:  # a play takes longer to act than to read
            yield from _length(lesson, file)
        yield from _load(lesson, file)
        for number, block in enumerate(found):
            yield from chain(_prose(file, number, block), _pictures(file, number, block), _film(file, number, block))
        yield from _law(file, found, documents, named, day)
    yield from _unused(content, media)


def _length(lesson: Lesson, file: str) -> Iterator[Hint]:
    count, minutes = words(lesson.text), lesson.minutes
    if count > MOST_WORDS or minutes > MOST_MINUTES:
        yield hint(file, "long-lesson", lesson.title, words=count, minutes=minutes, most=MOST_MINUTES)
    if count > FASTEST * minutes:
        yield hint(file, "too-few-minutes", minutes, words=count, minutes=minutes, least=-(-count // FASTEST))
    elif count < SLOWEST * minutes:
        yield hint(file, "too-many-minutes", minutes, words=count, minutes=minutes)


def _load(lesson: Lesson, file: str) -> Iterator[Hint]:
    found = list(reading.paragraphs(lesson.text))
    load = reading.load(found)
    if load > HEAVY_LOAD and sum(words(paragraph.text) for paragraph in found) >= LEAST_FOR_LOAD:
        yield hint(file, "hard-to-read", lesson.title, load=round(load), most=round(HEAVY_LOAD))


def _prose(file: str, number: int, block: Block) -> Iterator[Hint]:
    """Long paragraphs and sentences; those of the law are quoted, and stay as they are."""
    for paragraph in reading.paragraphs(block.source) if block.kind in PROSE and block.name != "law" else ():
        line = block.line + paragraph.line
        if (count := words(paragraph.text)) > LONG_PARAGRAPH:
            yield _too_long(file, "long-paragraph", paragraph.text, count, LONG_PARAGRAPH, number, line)
        for sentence in paragraph.sentences:
            if (count := words(sentence)) > LONG_SENTENCE:
                yield _too_long(file, "long-sentence", sentence, count, LONG_SENTENCE, number, line)


def _too_long(file: str, key: str, about: str, count: int, most: int, block: int, line: int) -> Hint:
    return hint(file, key, about, block=block, line=line, words=count, most=most, text=shortened(about))


def _pictures(file: str, number: int, block: Block) -> Iterator[Hint]:
    for place, line in enumerate(block.source.split("\n"), start=block.line):
        for alternative, target in PICTURE.findall(line):
            if not alternative.strip():
                yield hint(file, "picture-without-words", target, block=number, line=place, target=target)
            elif words(alternative) < FEWEST_WORDS_OF_ALT or SAYS_NOTHING.fullmatch(
                text.fold(alternative).strip(" .:")
            ):
                about: dict[str, Any] = {"target": target, "text": alternative.strip()}
                yield hint(file, "picture-says-nothing", target, alternative, block=number, line=place, **about)


def _film(file: str, number: int, block: Block) -> Iterator[Hint]:
    if block.kind not in FILMS:
        return
    film = plain.Media.read(block.source)
    if film is None:
        return
    if block.kind == "video" and not film.captions:
        yield hint(file, "film-without-captions", film.target, block=number, line=block.line, target=film.target)
    if not words(film.body):
        yield hint(file, "film-without-transcript", film.target, block=number, line=block.line, target=film.target)


def _law(
    file: str, found: Sequence[Block], documents: Mapping[str, Document], named: frozenset[str], day: date
) -> Iterator[Hint]:
    """The documents that a lesson cites, each once, where it first does.

    Such as ended, unless the lesson says somewhere that they did; such as are not in force yet; and such as the course
    does not name among what it rests on.
    """
    told = {cited for block in found for cited in _told(block, documents)}
    for cited, (number, line) in _first_places(found).items():
        document = documents.get(cited, Document(cited))
        if document.is_past(day.isoformat()) and cited not in told:
            until = document.in_force_to
            about: dict[str, Any] = {"number": cited, "until": until, "instead": document.heir}
            yield hint(file, "law-past-its-end", cited, until, block=number, line=line, **about)
        elif document.is_to_come(day.isoformat()):
            since = document.in_force_from
            yield hint(file, "law-to-come", cited, since, block=number, line=line, number=cited, since=since)
        if cited not in named and cited not in told:
            yield hint(file, "law-not-named", cited, block=number, line=line, number=cited)


def _told(block: Block, documents: Mapping[str, Document]) -> Iterator[str]:
    """What a block says was replaced: it has words for that, or names what came instead."""
    found = set(law.cited(block.source))
    tells = listed("known_as_past").search(block.source) is not None
    return (number for number in found if tells or (number in documents and documents[number].heirs & found))


def _first_places(found: Sequence[Block]) -> dict[str, tuple[int, int]]:
    """The documents that a lesson cites, each with the block and the line where it first does."""
    places: dict[str, tuple[int, int]] = {}
    for number, block in enumerate(found):
        for line, source in enumerate(block.source.split("\n"), start=block.line):
            for cited in law.cited(source):
                places.setdefault(cited, (number, line))
    return places


def _unused(content: Content, media: Collection[str]) -> Iterator[Hint]:
    said = "\n".join(page.text for page in content.pages)
    asked = {path for question in content.quiz.questions for path in of_question(question)}
    for name in sorted(media):
        if name not in said and name not in asked:
            yield hint("course.toml", "media-unused", name, name=name)
