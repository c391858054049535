"""Writing GIFT. Names and labels stand in the comment before a question, as Moodle itself writes them."""

import re
from collections.abc import Callable, Mapping

from lms.catalogue.content import Option, Question
from lms.exchange import labels, markup
from lms.exchange.carried import Carried, Remark
from lms.exchange.gift_answers import FORMAT
from lms.exchange.losses import Losses

ESCAPED = re.compile(r"[\\~=#{}:]")
NOT_IN_A_TAG = re.compile(r"\\\]|\\$")
LABELS = (*labels.EVERYWHERE, "points", "unit", "most-words")
TITLE_LETTERS = 60


def write(carried: Carried) -> tuple[bytes, list[Remark]]:
    """The questions as a GIFT file, and what it cannot hold."""
    losses = Losses(carried)
    titles = dict(carried.topics)
    parts = [_category(id, title) for id, title in carried.topics]
    topic = carried.topics[-1][0] if carried.topics else ""
    for question in carried.questions:
        if question.topic != topic:
            topic = question.topic
            parts.append(_category(topic, titles.get(topic, topic)))
        if written := _question(question, losses):
            parts.append(written)
    return "\n".join(parts).encode(), losses.remarks


def _category(id: str, title: str) -> str:
    return f"// [id:{id}]\n$CATEGORY: {category_path(title or id)}\n"


def category_path(title: str) -> str:
    """A topic as Moodle names categories: slashes of the title are doubled, and kept apart from those of the path."""
    title = title.replace("/", "//")
    return f"$course$/top/{' ' if title.startswith('/') else ''}{title}" if title else "$course$/top"


def _question(question: Question, losses: Losses) -> str:
    reason = _refusal(question)
    if reason:
        losses.refuse(question, reason, type=question.type)
        return ""
    question = losses.one_variant(question)
    losses.pictures(question)
    writing = _Writing(question, losses)
    inner = WRITERS[question.type](writing)
    general = "" if question.type == "true-false" else losses.general_feedback(question)
    inner += f"\n\t####{writing.part(general)}" if general else ""
    before, _, after = (
        question.text.partition(f"[[{question.gaps[0].id}]]") if question.gaps else (question.text, "", "")
    )
    text = f"{writing.whole}{_escape(before)}{{{inner}{chr(10) if chr(10) in inner else ''}}}{_escape(after)}"
    title = _escape(" ".join(markup.plain(question.text).split())[:TITLE_LETTERS].strip())
    return f"{_comment(question, losses)}\n::{title}::{text}\n"


def _refusal(question: Question) -> str:
    """Why a question cannot be written: GIFT has one gap, inside a sentence, and reads an arrow as a pair."""
    if question.type not in WRITERS:
        return "type-not-in-format"
    is_last = question.gaps and not question.text.split(f"[[{question.gaps[0].id}]]")[-1].strip()
    if len(question.gaps) > 1 or is_last:
        return "gaps-not-in-format"
    return "arrow-not-in-format" if any("->" in answer for answer in _typed_answers(question)) else ""


def _typed_answers(question: Question) -> tuple[str, ...]:
    return question.answers + tuple(answer for gap in question.gaps for answer in gap.answers)


def _comment(question: Question, losses: Losses) -> str:
    said = labels.labels(question, *LABELS, *(["forgive"] if question.type == "short" else []))
    if question.type == "cloze":
        said += [*labels.labels(question, "gaps"), *labels.gap_labels(question)]
    lost = [label for label in said if NOT_IN_A_TAG.search(label)]
    if lost:
        losses.lose(question, "lost-fields", names=", ".join(label.partition(":")[0] for label in lost))
    tags = "".join(f" [tag:{label.replace(']', chr(92) + ']')}]" for label in said if label not in lost)
    return f"// [id:{question.id}]{tags}"


class _Writing:
    """A question's texts in GIFT: with a format only where they are more than plain words."""

    def __init__(self, question: Question, losses: Losses) -> None:
        self.question, self.losses = question, losses
        self.format = "" if _is_plain(question.text) else "markdown"

    @property
    def whole(self) -> str:
        return "[markdown]" if self.format else ""

    def part(self, words: str) -> str:
        """A text within the braces; it has the question's format unless it says another."""
        prefix = "" if _is_plain(words) or self.format else "[markdown]"
        return prefix + _escape(words)

    def option(self, sign: str, option: Option) -> str:
        comment = f"#{self.part(option.feedback)}" if option.feedback else ""
        return f"\n\t{sign}{self.part(option.text)}{comment}"


def _is_plain(words: str) -> bool:
    return (
        markup.plain(words) == words
        and not markup.MARKED_UP.search(words)
        and not FORMAT.match(words)
        and not words.startswith("//")
    )


def _escape(words: str) -> str:
    return ESCAPED.sub(r"\\\g<0>", words).replace("\n", "\\n")


def _single(writing: _Writing) -> str:
    options = writing.question.options
    return "".join(writing.option("=" if option.right else "~%0%", option) for option in options)


def _multiple(writing: _Writing) -> str:
    options = writing.question.options
    share = f"{100 / sum(option.right for option in options):.7g}"
    return "".join(writing.option(f"~%{share}%" if option.right else f"~%-{share}%", option) for option in options)


def _true_false(writing: _Writing) -> str:
    question = writing.question
    right, wrong = writing.part(question.right_feedback), writing.part(question.wrong_feedback)
    comments = f"#{wrong}" if wrong or right else ""
    return f"{'TRUE' if question.answer else 'FALSE'}{comments}{'#' + right if right else ''}"


def _short(writing: _Writing) -> str:
    return "".join(f"\n\t=%100%{_escape(answer)}" for answer in writing.question.answers)


def _numeric(writing: _Writing) -> str:
    question = writing.question
    return f"#{question.answer}{f':{question.tolerance}' if question.tolerance else ''}"


def _matching(writing: _Writing) -> str:
    pairs = "".join(f"\n\t={_left(writing, left)} -> {_escape(right)}" for left, right in writing.question.pairs)
    return pairs + "".join(f"\n\t= -> {_escape(right)}" for right in writing.question.extra)


def _left(writing: _Writing, left: str) -> str:
    """The first arrow parts the sides, so one in the words is written as HTML."""
    return f"[html]{_escape(markup.html(left).replace('->', '-&gt;'))}" if "->" in left else writing.part(left)


def _ordering(writing: _Writing) -> str:
    items = writing.question.items
    head = f">{len(items)} ALL VERTICAL RELATIVE_NEXT_EXCLUDE_LAST SHOW"
    return head + "".join(f"\n\t{writing.part(item)}" for item in items)


def _cloze(writing: _Writing) -> str:
    gap = writing.question.gaps[0]
    if gap.options:
        return "".join(f" {'=' if n == 0 else '~%0%'}{_escape(words)}" for n, words in enumerate(gap.options)).strip()
    return " ".join(f"=%100%{_escape(words)}" for words in gap.answers)


def _essay(writing: _Writing) -> str:
    writing.losses.lose_fields(writing.question, "rubric")
    return ""


WRITERS: Mapping[str, Callable[[_Writing], str]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
}
