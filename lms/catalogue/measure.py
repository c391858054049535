"""How much there is in a course: what a table of all courses tells. Pure."""

from collections.abc import Mapping, Sequence

from lms.catalogue.content import Content
from lms.text import WORD

COLUMNS = ("course", "level", "periods", "minutes", "lessons", "words", "outcomes", "items", "types", "kit", "wants")


def of(content: Content) -> Mapping[str, str | float]:
    """The figures of a course; `words` are those of its lessons, `types` the kinds of questions in its bank."""
    questions = content.quiz.questions
    return {
        "course": content.slug,
        "level": content.level,
        "periods": content.periods,
        "minutes": content.minutes,
        "lessons": len(content.lessons),
        "words": sum(len(WORD.findall(lesson.text)) for lesson in content.lessons),
        "outcomes": len(content.outcomes),
        "items": len(questions),
        "types": len({question.type for question in questions}),
        "kit": len(content.kit),
        "wants": len(content.wants),
    }


def lines(rows: Sequence[Mapping[str, str | float]], titles: Sequence[str]) -> list[str]:
    """Figures as lines of columns, over them `titles`; texts stand to the left, numbers to the right."""
    cells = [list(titles), *([_shown(row[name]) for name in COLUMNS] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(_set(cell, place, widths[place]) for place, cell in enumerate(line)).rstrip() for line in cells]


def _set(cell: str, place: int, width: int) -> str:
    return cell.ljust(width) if COLUMNS[place] in ("course", "level") else cell.rjust(width)


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
