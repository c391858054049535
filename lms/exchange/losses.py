"""What a writer has to leave out, said question by question."""

from collections.abc import Container
from typing import Any

from lms.catalogue import pictures
from lms.catalogue.content import Question
from lms.catalogue.variants import filled
from lms.exchange.carried import Carried, Remark


class Losses:
    """The remarks of a writer; their place is the question's name."""

    def __init__(self, carried: Carried) -> None:
        self.remarks: list[Remark] = []
        if carried.lessons:
            self.remarks.append(Remark("", "lost-lessons", {"count": len(carried.lessons)}))

    def lose(self, question: Question, key: str, **values: Any) -> None:
        """Something of a question is not written."""
        self.remarks.append(Remark(question.id, key, values))

    def refuse(self, question: Question, key: str, **values: Any) -> None:
        """A question is not written at all."""
        self.remarks.append(Remark(question.id, key, values, is_error=True))

    def lose_fields(self, question: Question, *names: str) -> None:
        """Those of these fields that say something are not written."""
        lost = [name for name in names if getattr(question, name) not in ((), "", 0, None)]
        if "points" in names and question.points == 1:
            lost.remove("points")
        if lost:
            self.lose(question, "lost-fields", names=", ".join(lost))

    def one_variant(self, question: Question) -> Question:
        """A question as its first variant says it, for formats that know no variants."""
        if not question.variants:
            return question
        self.lose(question, "lost-variants", count=len(question.variants))
        return filled(question, question.variants[0])

    def general_feedback(self, question: Question) -> str:
        """The one comment of formats that do not tell right from wrong."""
        right, wrong = question.right_feedback, question.wrong_feedback
        if right == wrong:
            return right
        self.lose(question, "merged-feedback")
        return "\n\n".join(filter(None, (right, wrong)))

    def pictures(self, question: Question, media: Container[str] = ()) -> None:
        """Say which pictures are left behind: all but those of `media`; a format of text takes none."""
        for name in pictures.of_question(question):
            if name not in media:
                self.lose(question, "lost-picture", name=name)
