"""What a new course begins with: enough to be read, not enough to be published."""

from lms import clock
from lms.catalogue import writing
from lms.catalogue.content import CATEGORIES, LEVELS, TOPICS, Content, Draw, Lesson, Outcome, Quiz
from lms.language import gettext

MINUTES = 10
PASSING = 0.7


def files(slug: str, title: str) -> dict[str, str]:
    """The files of a course of which only the title is known."""
    outcome = Outcome("o1", gettext("authoring.first-outcome"))
    lesson = Lesson(
        "01-bai-1", gettext("authoring.first-lesson"), MINUTES, (outcome.id,), "", gettext("authoring.first-text")
    )
    return writing.files(
        Content(
            slug=slug, title=title, summary="", topic=TOPICS[-1], category=CATEGORIES[0], periods=1,
            law_as_of=clock.today().isoformat(), audience=(), level=LEVELS[0], outcomes=(outcome,), legal_basis=(),
            en_title="", en_summary="", lessons=(lesson,), quiz=first_quiz(),
        )
    )  # fmt: skip


def first_quiz() -> Quiz:
    """A quiz without questions."""
    return Quiz(
        passing=PASSING, attempts=0, cool_down_minutes=0, time_limit_minutes=0, feedback="after",
        topics=(("t1", gettext("authoring.first-topic")),), draws=(Draw(1, "t1"),), questions=(),
    )  # fmt: skip
