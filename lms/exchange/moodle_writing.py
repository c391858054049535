"""Writing Moodle XML, as Moodle 4 reads it. What Moodle has no place for stands in tags (`labels`)."""

import base64
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from lms.catalogue import pictures
from lms.catalogue.content import Question
from lms.catalogue.variants import PARAMETER
from lms.exchange import embedded, labels, markup, moodle_datasets
from lms.exchange.carried import Carried, Remark
from lms.exchange.gift_writing import category_path
from lms.exchange.losses import Losses
from lms.exchange.moodle_texts import PLUGIN_FILE
from lms.exchange.xml import add, written

KINDS = {
    "single": "multichoice", "multiple": "multichoice", "true-false": "truefalse", "short": "shortanswer", "numeric": "numerical",
    "matching": "matching", "ordering": "ordering", "cloze": "cloze", "essay": "essay", "file": "essay",
}  # fmt: skip
WITH_COMMENTS = ("single", "multiple", "matching", "ordering")
"""Types to which Moodle gives one comment when right and one when wrong."""
NAME_LETTERS = 60


def write(carried: Carried) -> tuple[bytes, list[Remark]]:
    """The questions as a Moodle XML file, and what it cannot hold."""
    losses = Losses(carried)
    quiz = Element("quiz")
    titles = dict(carried.topics)
    for id, title in carried.topics:
        _category(quiz, id, title)
    topic = carried.topics[-1][0] if carried.topics else ""
    for question in carried.questions:
        if question.topic != topic:
            topic = question.topic
            _category(quiz, topic, titles.get(topic, topic))
        losses.pictures(question, carried.media)
        _Writing(quiz, question, losses, carried.media).write()
    return written(quiz), losses.remarks


def _category(quiz: Element, id: str, title: str) -> None:
    question = add(quiz, "question", type="category")
    add(add(question, "category"), "text", category_path(title or id))
    add(question, "idnumber", id)
    question.tail = "\n"


class _Writing:
    """One question becoming an element."""

    def __init__(self, quiz: Element, question: Question, losses: Losses, media: Mapping[str, bytes]) -> None:
        self.losses, self.media = losses, media
        self.is_calculated = moodle_datasets.has_datasets(question)
        self.question = question if self.is_calculated else losses.one_variant(question)
        kind = "calculated" if self.is_calculated else KINDS[question.type]
        self.element = add(quiz, "question", type=kind)
        self.element.tail = "\n"

    def write(self) -> None:
        question = self.question
        title = " ".join(markup.plain(question.text).split())[:NAME_LETTERS]
        add(add(self.element, "name"), "text", title or question.id)
        self.stem()
        if question.type in WITH_COMMENTS:
            self.text("correctfeedback", question.right_feedback)
            self.text("incorrectfeedback", question.wrong_feedback)
        if question.type in ("cloze", "essay", "file"):
            self.text("generalfeedback", self.losses.general_feedback(question))
        add(self.element, "defaultgrade", str(question.points))
        add(self.element, "idnumber", question.id)
        WRITERS[question.type](self)
        self.tags()

    def stem(self) -> None:
        """The question's text, with its gaps or its parameters as Moodle writes them."""
        question = self.question
        if question.type != "cloze":
            words = PARAMETER.sub(r"{\1}", question.text) if self.is_calculated else question.text
            self.text("questiontext", words)
            return
        holder = self.text("questiontext", embedded.marked(question.text))
        answers = {gap.id: embedded.write(gap) for gap in question.gaps}
        inner = holder.find("text")
        if inner is not None:
            inner.text = embedded.MARKED.sub(lambda found: answers[found[1]], inner.text or "")

    def text(self, tag: str, words: str, parent: Element | None = None) -> Element:
        """A text, as HTML where that gives back the same words, else as Markdown; its pictures beside it."""
        is_html = markup.is_exact(words)
        holder = add(self.element if parent is None else parent, tag, format="html" if is_html else "markdown")
        source = markup.html(words) if is_html else words
        for _, path in dict.fromkeys(pictures.named(words)):
            if path in self.media:
                name = PurePosixPath(path).name
                source = source.replace(path, PLUGIN_FILE + name)
        add(holder, "text", source)
        for path in dict.fromkeys(path for _, path in pictures.named(words)):
            if path in self.media:
                data = base64.b64encode(self.media[path]).decode()
                add(holder, "file", data, name=PurePosixPath(path).name, path="/", encoding="base64")
        return holder

    def answer(self, words: str, share: str, comment: str = "", *, is_plain: bool = False) -> Element:
        """An answer with its share in per cent."""
        holder = add(self.element, "answer", format="plain_text") if is_plain else self.text("answer", words)
        holder.set("fraction", share)
        if is_plain:
            add(holder, "text", words)
        if comment:
            self.text("feedback", comment, holder)
        return holder

    def tags(self) -> None:
        question = self.question
        said = labels.labels(question, *labels.EVERYWHERE)
        said += labels.labels(question, "forgive") if question.type == "short" else []
        said += labels.labels(question, "unit") if self.is_calculated else []
        if question.type == "cloze":
            said += [*labels.labels(question, "gaps"), *labels.gap_labels(question)]
        tags = add(self.element, "tags")
        for label in said:
            add(add(tags, "tag"), "text", label)


def _choice(writing: _Writing) -> None:
    question = writing.question
    is_single = question.type == "single"
    right = "100" if is_single else f"{100 / sum(option.right for option in question.options):.7g}"
    add(writing.element, "single", "true" if is_single else "false")
    add(writing.element, "shuffleanswers", "true")
    for option in question.options:
        share = right if option.right else "0" if is_single else f"-{right}"
        writing.answer(option.text, share, option.feedback)


def _true_false(writing: _Writing) -> None:
    question = writing.question
    for truth in (True, False):
        is_right = truth == question.answer
        comment = question.right_feedback if is_right else question.wrong_feedback
        writing.answer(str(truth).lower(), "100" if is_right else "0", comment, is_plain=True)


def _short(writing: _Writing) -> None:
    question = writing.question
    add(writing.element, "usecase", "0" if "case" in question.forgive else "1")
    for answer in question.answers:
        writing.answer(answer.replace("*", "\\*"), "100", question.right_feedback, is_plain=True)
    _on_wrong(writing)


def _on_wrong(writing: _Writing) -> None:
    """The comment on whatever else is typed."""
    if comment := writing.question.wrong_feedback:
        writing.answer("*", "0", comment, is_plain=True)


def _numeric(writing: _Writing) -> None:
    question = writing.question
    words = PARAMETER.sub(r"{\1}", str(question.answer))
    answer = writing.answer(words, "100", question.right_feedback, is_plain=True)
    add(answer, "tolerance", str(question.tolerance))
    if writing.is_calculated:
        moodle_datasets.write(writing.element, answer, question.variants)
    elif question.unit:
        unit = add(add(writing.element, "units"), "unit")
        add(unit, "multiplier", "1")
        add(unit, "unit_name", question.unit)
    _on_wrong(writing)


def _matching(writing: _Writing) -> None:
    question = writing.question
    add(writing.element, "shuffleanswers", "true")
    for left, right in (*question.pairs, *(("", extra) for extra in question.extra)):
        pair = writing.text("subquestion", left)
        add(add(pair, "answer"), "text", right)


def _ordering(writing: _Writing) -> None:
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "0",
        "gradingtype": "RELATIVE_NEXT_EXCLUDE_LAST",
    }
    for tag, words in settings.items():
        add(writing.element, tag, words)
    for place, item in enumerate(writing.question.items, start=1):
        writing.answer(item, str(place))


def _by_hand(writing: _Writing) -> None:
    question = writing.question
    is_file = question.type == "file"
    settings = {
        "responseformat": "noinline" if is_file else "editor", "responserequired": "0" if is_file else "1",
        "attachments": "1" if is_file else "0", "attachmentsrequired": "1" if is_file else "0",
    }  # fmt: skip
    for tag, words in settings.items():
        add(writing.element, tag, words)
    if question.most_words:
        add(writing.element, "maxwordlimit", str(question.most_words))
    rows = "".join(f"<dt>{markup.html(c.text)}</dt><dd>{c.points}</dd>" for c in question.rubric)
    add(add(writing.element, "graderinfo", format="html"), "text", f"<dl>{rows}</dl>")
    if any(not markup.is_exact(criterion.text) for criterion in question.rubric):
        writing.losses.lose(question, "lost-rubric-spelling")


WRITERS: Mapping[str, Callable[[_Writing], None]] = {
    "single": _choice,
    "multiple": _choice,
    "true-false": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": lambda writing: None,
    "essay": _by_hand,
    "file": _by_hand,
}
