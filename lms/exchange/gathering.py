"""What a reader of questions finds, put together: names, topics, pictures, and each question checked as it comes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from lms import text
from lms.catalogue.check import CHECKS
from lms.catalogue.content import Criterion, Gap, Question
from lms.exchange import encodings, markup, pictures
from lms.exchange.carried import Carried, Remark, Source
from lms.exchange.labels import gap_ids, labelled
from lms.exchange.markup import Found
from lms.language import gettext

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def blank(kind: str, **values: Any) -> Question:
    """A question of a type that says nothing yet about topic, outcome and name."""
    return Question(
        **{"id": "", "type": kind, "topic": "", "outcome": "", "difficulty": "medium", "text": "", **values}
    )


class Gathering:
    """Collects questions in their order. Places are lines or items, as the format names them."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self.questions: list[tuple[str, Question]] = []
        self.topics: dict[str, str] = {}
        self.media: dict[str, bytes] = {}
        self.source: list[Source] = []
        self.title = self.present_topic = ""

    def remark(self, place: str, key: str, *, is_error: bool = False, **values: Any) -> None:
        """Say something about a place; an error means that the question there is left out."""
        self.remarks.append(Remark(place, key, values, is_error))

    def words(self, place: str, found: Found) -> str:
        """The Markdown that was made of HTML, its losses said."""
        self.remarks += [Remark(place, key, values) for key, values in found.losses]
        return found.text

    def formatted(self, place: str, source: str, form: str) -> str:
        """A text in one of the formats of others (html, markdown, plain, or their mixture) as Markdown."""
        if form == "markdown":
            return text.clean_lines(source)
        if form == "html" or (form != "plain" and markup.MARKED_UP.search(source)):
            source = source if form == "html" else source.replace("\n", "<br>")
            return self.words(place, markup.from_html(source))
        return markup.escaped(text.clean_lines(source))

    def topic(self, title: str, id: str = "") -> str:
        """The id of the topic of the questions that follow; no title means none."""
        title = text.clean(title)
        known = next((known for known, words in self.topics.items() if words == title and id in ("", known)), "")
        self.present_topic = known or (id if NAME.fullmatch(id) else text.slug(title)) if title else ""
        if title:
            self.topics.setdefault(self.present_topic, title)
        return self.present_topic

    def picture(self, place: str, name: str, content: bytes) -> str:
        """Where a picture lies from now on (`media/…`); empty when it cannot be taken, which is said."""
        path = PurePosixPath(name)
        try:
            ending, content = pictures.fitting(content)
        except pictures.BadPicture as bad:
            self.remark(place, bad.key, name=path.name)
            return ""
        suffix = ".jpeg" if (ending, path.suffix) == (".jpg", ".jpeg") else ending
        stem, number = text.slug(path.stem) or "hinh", 1
        taken = f"media/{stem}{suffix}"
        while self.media.get(taken, content) != content:
            number += 1
            taken = f"media/{stem}-{number}{suffix}"
        self.media[taken] = content
        return taken

    def add(self, place: str, question: Question, labels: Iterable[str] = ()) -> None:
        """Take a question, unless it is not whole; `labels` say what the format has no place for."""
        question, strangers = labelled(replace(question, topic=self.present_topic), labels)
        for label in strangers:
            self.remark(place, "unknown-label", label=label)
        question = self._with_rubric(place, self._with_gaps(place, _as_choice(question)))
        if not question.text and question.type != "cloze":
            self.remark(place, "no-question-text", is_error=True)
        elif key := CHECKS[question.type](question):
            self.remark(place, key, is_error=True)
        else:
            self.questions.append((place, question))

    def carried(self) -> Carried:
        """Everything, each question under a name of its own."""
        names = self._names()
        questions = []
        for (place, question), name in zip(self.questions, names, strict=True):
            strangers = [other for other in question.excludes if other not in names]
            if strangers:
                self.remark(place, "unknown-excluded", excluded=", ".join(strangers))
            excludes = tuple(other for other in question.excludes if other in names)
            questions.append(replace(question, id=name, excludes=excludes))
        if not (questions or self.remarks):
            self.remark("", "no-questions", is_error=True)
        return Carried(
            questions=tuple(questions),
            title=self.title,
            topics=tuple(self.topics.items()),
            media=self.media,
            remarks=self.remarks,
            source=tuple(self.source),
            places={name: place for (place, _), name in zip(self.questions, names, strict=True)},
        )

    def _names(self) -> list[str]:
        """The names that the file gives, where they are good and not given twice; else q01, q02, …"""
        given = [question.id if NAME.fullmatch(question.id) else "" for _, question in self.questions]
        taken = set(given)
        seen: set[str] = set()
        names, number = [], 0
        for name in given:
            while not name or name in seen:
                number += 1
                name = f"q{number:02}" if f"q{number:02}" not in taken else ""
            seen.add(name)
            names.append(name)
        return names

    def _with_gaps(self, place: str, question: Question) -> Question:
        """A matching whose right sides serve twice, as lines with a gap to choose for each left side."""
        rights = [right for _, right in question.pairs]
        if len(set(rights)) == len(rights):
            return question
        self.remark(place, "matching-as-gaps")
        choices = list(dict.fromkeys([*rights, *question.extra]))
        ids = gap_ids(len(rights))
        gaps = tuple(
            Gap(id, options=(right, *(c for c in choices if c != right))) for id, right in zip(ids, rights, strict=True)
        )
        lines = [f"{left}: [[{id}]]" for id, (left, _) in zip(ids, question.pairs, strict=True)]
        return replace(question, type="cloze", text="\n".join([question.text, *lines]), gaps=gaps, pairs=(), extra=())

    def _with_rubric(self, place: str, question: Question) -> Question:
        """People mark by a rubric: where a file brings none, one criterion stands for the whole."""
        if not question.is_marked_by_hand:
            return question
        if not question.rubric:
            self.remark(place, "no-rubric")
            rubric = (Criterion(gettext("exchange.whole-answer"), question.points),)
            return replace(question, rubric=rubric)
        return replace(question, points=sum(criterion.points for criterion in question.rubric))


def _as_choice(question: Question) -> Question:
    """A multiple choice among two with one right is a single choice."""
    if question.type == "multiple" and len(question.options) == 2 and sum(o.right for o in question.options) == 1:
        return replace(question, type="single")
    return question


def even_weights(right: int, weights: Iterable[tuple[bool, float]]) -> bool:
    """Whether (is right, share) are as we mark a multiple choice: 1/right for each right one, −1/right for a wrong one."""
    return all(abs(share - (1 if is_right else -1) / right) < 0.005 for is_right, share in weights)


def number(words: str) -> float | None:
    """A number as files write it, or None: 5, 0.5, 1e-3; a comma is a point when there is no other."""
    words = words.strip().replace("−", "-")
    words = words.replace(",", ".") if "." not in words and words.count(",") == 1 else words
    if re.fullmatch(r"[+-]?[0-9]{1,300}", words):
        return int(words)
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", words):
        return float(words)
    return None


def feedbacks(right: str, wrong: str, general: str) -> Mapping[str, str]:
    """The two comments of a question, a general one added to both."""
    parts = {"right_feedback": right, "wrong_feedback": wrong}
    return {name: "\n\n".join(filter(None, (words, general))) for name, words in parts.items()}


def text_file(content: bytes) -> tuple[Gathering, str]:
    """A gathering for a text file, and its text; empty when it cannot be read, which is said."""
    gathering = Gathering()
    try:
        source, encoding = encodings.decode(content)
    except encodings.NotText as error:
        gathering.remark("1", error.key, is_error=True)
        return gathering, ""
    if encoding:
        gathering.remark("1", "other-encoding", encoding=encoding)
    lines = enumerate(source.split("\n"), start=1)
    gathering.source = [Source(str(number), line) for number, line in lines if line.strip()]
    return gathering, source
