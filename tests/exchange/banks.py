"""Any bank of whole questions, for round trips through the formats of others, and what their remarks excuse."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from hypothesis import strategies as st

from lms.catalogue import pictures
from lms.catalogue.check import CHECKS
from lms.catalogue.content import Criterion, Question
from lms.catalogue.variants import filled
from lms.exchange import markup
from lms.exchange.carried import Carried, Remark
from lms.exchange.gathering import blank
from lms.language import gettext
from tests.catalogue import contents

TOPICS = (("t1", "Chủ đề một"), ("luat", "Luật / Nghị định"), ("x", "/a//b/"))
PICTURES = {"media/hinh-1.png": b"\x89PNG\r\n\x1a\n1", "media/so-do.svg": b"<svg/>"}
ALTS = ("Sơ đồ", "Nút «Lưu» ở góc phải", "Ảnh chụp: 2 cột, 3 dòng")
Change = Callable[[Question, Remark], Question]


def is_whole(question: Question) -> bool:
    """Whether nothing is wrong with a question by itself, nor with any of its variants."""
    check = CHECKS[question.type]
    return all(check(each) is None for each in (question, *map(partial(filled, question), question.variants)))


@st.composite
def banks(draw: st.DrawFn, *, has_pictures: bool = False) -> Carried:
    """Some questions of every type in several topics."""
    kinds = draw(st.lists(st.sampled_from(sorted(contents.KEYS)), min_size=1, max_size=4))
    questions = []
    for number, kind in enumerate(kinds, start=1):
        question = draw(contents.questions(kind, number).filter(is_whole))
        question = draw(pictured(question)) if has_pictures else question
        others = tuple(f"q{n:02}" for n in range(1, number))[: len(question.excludes)]
        topic = draw(st.sampled_from(TOPICS))[0]
        questions.append(replace(question, topic=topic, outcome=draw(st.sampled_from(("", "o1"))), excludes=others))
    used = {path for question in questions for path in pictures.of_question(question)}
    return Carried(questions=tuple(questions), topics=TOPICS, media={path: PICTURES[path] for path in sorted(used)})


@st.composite
def pictured(draw: st.DrawFn, question: Question) -> Question:
    """The question with pictures behind some of its texts."""

    def some(words: str, sign: str = "\n") -> str:
        path = draw(st.sampled_from(("", *PICTURES)))
        return sign.join(filter(None, (words, path and f"![{draw(st.sampled_from(ALTS))}]({path})")))

    options = (replace(o, text=some(o.text, " "), feedback=some(o.feedback)) for o in question.options)
    texts = {name: some(getattr(question, name)) for name in ("text", "right_feedback", "wrong_feedback")}
    return replace(question, options=tuple(options), **texts)


def as_told(carried: Carried, remarks: list[Remark], more: Mapping[str, Change] | None = None) -> list[Question]:
    """The questions that should come back, after what the remarks of the writer say."""
    changes = {**EXCUSED, **(more or {})}
    refused = {remark.place for remark in remarks if remark.is_error}
    found = []
    for question in carried.questions:
        for remark in remarks:
            if remark.place == question.id and not remark.is_error:
                question = changes[remark.key](question, remark)
        found.append(replace(question, excludes=tuple(id for id in question.excludes if id not in refused)))
    return [question for question in found if question.id not in refused]


def respelt(question: Question, _: Remark) -> Question:
    """The same words, each mark spelt as HTML brings it back."""

    def again(words: str) -> str:
        return markup.from_html(markup.html(words), picture=str).text

    texts = {name: again(getattr(question, name)) for name in ("text", "right_feedback", "wrong_feedback")}
    return replace(
        question,
        options=tuple(replace(o, text=again(o.text), feedback=again(o.feedback)) for o in question.options),
        pairs=tuple((again(left), right) for left, right in question.pairs),
        items=tuple(map(again, question.items)),
        rubric=tuple(replace(criterion, text=again(criterion.text)) for criterion in question.rubric),
        **texts,
    )


def _without(question: Question, remark: Remark) -> Question:
    names = [name.replace("-", "_") for name in str(remark.values["names"]).split(", ")]
    question = replace(question, **{name: getattr(blank("single"), name) for name in names})
    return _marked_as_whole(question) if "rubric" in names else question


def _marked_as_whole(question: Question) -> Question:
    return replace(question, rubric=(Criterion(gettext("exchange.whole-answer"), question.points),))


def _merged(question: Question, _: Remark) -> Question:
    both = "\n\n".join(filter(None, (question.right_feedback, question.wrong_feedback)))
    return replace(question, right_feedback=both, wrong_feedback=both)


def _first_variant(question: Question, _: Remark) -> Question:
    return filled(question, question.variants[0])


EXCUSED: Mapping[str, Change] = {
    "lost-fields": _without,
    "lost-variants": _first_variant,
    "merged-feedback": _merged,
}
