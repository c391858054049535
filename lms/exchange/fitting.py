"""What a file brought, made to fit into a course: ids, topics and outcomes that the course knows. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lms import text
from lms.catalogue.content import Content, Draw, Lesson, Outcome, Question
from lms.coach.likeness import fingerprint
from lms.exchange.carried import Carried
from lms.exchange.topics import Names, Topics

FIRST_TOPIC = "t1"
DRAWN = 10


@dataclass(frozen=True)
class Fitted:
    """The course as it will be, and the files that come with it: `media` by path."""

    content: Content
    media: Mapping[str, bytes]


def into(content: Content, carried: Carried, *, only: Iterable[str] | None = None) -> Fitted:
    """A course with the lessons and questions that were brought, behind its own; `only` these questions, by id."""
    wanted = None if only is None else set(only)
    questions = [q for q in carried.questions if wanted is None or q.id in wanted]
    fitted, topics = _questions(content, questions, carried)
    lessons = tuple(_lessons(content, carried.lessons))
    quiz = replace(content.quiz, topics=topics, questions=(*content.quiz.questions, *fitted))
    quiz = replace(quiz, draws=_draws(content, quiz.questions))
    kept = tuple(lesson for lesson in content.lessons if not (lessons and _is_empty(content)))
    return Fitted(replace(content, lessons=(*kept, *lessons), quiz=quiz), carried.media)


def doubles(present: Sequence[Question], carried: Sequence[Question]) -> dict[str, str]:
    """Which of the questions that were brought ask the same as one that is there, or as an earlier one: id by id."""
    seen = {fingerprint(question): question.id for question in reversed(present)}
    found: dict[str, str] = {}
    for question in carried:
        print_of_it = fingerprint(question)
        if print_of_it in seen:
            found[question.id] = seen[print_of_it]
        seen.setdefault(print_of_it, question.id)
    return found


def _questions(
    content: Content, questions: Sequence[Question], carried: Carried
) -> tuple[list[Question], tuple[tuple[str, str], ...]]:
    topics, titles = Topics(content.quiz.topics), dict(carried.topics)
    names = Names({question.id for question in content.quiz.questions})
    renamed = {question.id: names.free(question.id) for question in questions}
    first = content.quiz.topics[0][0] if content.quiz.topics else FIRST_TOPIC
    fitted = [
        replace(
            question,
            id=renamed[question.id],
            topic=_topic(topics, question.topic, titles) or first,
            outcome=_outcome(content.outcomes, question.outcome),
            difficulty=question.difficulty or "medium",
            excludes=tuple(renamed[each] for each in question.excludes if each in renamed),
        )
        for question in questions
    ]
    return fitted, topics.known or ((FIRST_TOPIC, FIRST_TOPIC),)


def _topic(topics: Topics, id: str, titles: Mapping[str, str]) -> str:
    if not id or (id in topics.titles and topics.titles[id] == titles.get(id)):
        return id
    return topics.id(titles.get(id, id))


def _outcome(known: Sequence[Outcome], wanted: str) -> str:
    """The id of an outcome that is named by its id or by its words; else the first one."""
    folded = text.slug(wanted)
    found = next((o.id for o in known if wanted == o.id or (folded and text.slug(o.text) == folded)), "")
    return found or (known[0].id if known else wanted)


def _lessons(content: Content, lessons: Sequence[Lesson]) -> Iterator[Lesson]:
    """The lessons with numbers behind those that are there."""
    known = {outcome.id for outcome in content.outcomes}
    first = tuple(outcome.id for outcome in content.outcomes[:1])
    start = 0 if _is_empty(content) else max((_number(lesson.slug) for lesson in content.lessons), default=0)
    for number, lesson in enumerate(lessons, start=start + 1):
        outcomes = tuple(each for each in lesson.outcomes if each in known) or first
        yield replace(lesson, slug=f"{min(number, 99):02}-{_name(lesson)}", outcomes=outcomes)


def _name(lesson: Lesson) -> str:
    name = lesson.slug[3:] if lesson.slug[:2].isdigit() else lesson.slug
    return name or text.slug(lesson.title) or "bai"


def _number(slug: str) -> int:
    return int(slug[:2]) if slug[:2].isdigit() else 0


def _is_empty(content: Content) -> bool:
    """Whether a course is as it begins: one lesson of a line, and no question."""
    return not content.quiz.questions and len(content.lessons) == 1 and len(content.lessons[0].text.split()) < 40


def _draws(content: Content, questions: Sequence[Question]) -> tuple[Draw, ...]:
    """The draws as they are; of a course that had no question, some from each topic."""
    if content.quiz.questions or not questions:
        return content.quiz.draws
    topics = list(dict.fromkeys(question.topic for question in questions))
    share = max(1, DRAWN // len(topics))
    return tuple(Draw(min(share, sum(q.topic == topic for q in questions)), topic) for topic in topics)
