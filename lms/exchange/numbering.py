"""The numbers that Word writes in front of paragraphs by itself: `Câu 1.`, `A.`, `1)`, bullets."""

from dataclasses import dataclass, field

from lms.exchange.ooxml import Element, W, value

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
         (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
BULLET = "•"
LEVELS = 9
MOST = 100_000


@dataclass
class Level:
    """A level of a list: how it counts, how its label reads (`%1.`), where it starts."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)

    def label(self, number: str, level: int) -> str:
        """The label of the next paragraph of a list at a level."""
        if number not in self.lists or not 0 <= level < LEVELS:
            return ""
        counted, levels = self.lists[number]
        count = self.counts.setdefault(counted, [levels.get(i, Level()).start - 1 for i in range(LEVELS)])
        count[level] = min(count[level] + 1, MOST)
        for below in range(level + 1, LEVELS):
            count[below] = levels.get(below, Level()).start - 1
        here = levels.get(level, Level())
        if here.format == "bullet":
            return BULLET
        if here.format == "none":
            return ""
        label = here.text
        for i in range(level + 1):
            label = label.replace(f"%{i + 1}", written(count[i], levels.get(i, Level()).format))
        return label.strip()


def read(root: Element | None) -> Numbering:
    """The lists that a document declares."""
    if root is None:
        return Numbering()
    abstract = {
        value(item, "abstractNumId"): {_number(value(level, "ilvl")): _level(level) for level in item.iter(f"{W}lvl")}
        for item in root.iter(f"{W}abstractNum")
    }
    lists = {}
    for item in root.findall(f"{W}num"):
        kind = value(item.find(f"{W}abstractNumId"))
        changed = {_number(value(level, "ilvl")): _level(level) for level in item.iter(f"{W}lvl")}
        restarts = item.find(f".//{W}startOverride") is not None
        number = value(item, "numId")
        lists[number] = (number if restarts or changed else f"abstract {kind}", abstract.get(kind, {}) | changed)
    return Numbering(lists)


def written(count: int, format: str) -> str:
    """A count as Word writes it."""
    if format in ("upperLetter", "lowerLetter") and count > 0:
        letter = LETTERS[(count - 1) % 26] * min((count - 1) // 26 + 1, 3)
        return letter if format == "upperLetter" else letter.lower()
    if format in ("upperRoman", "lowerRoman"):
        return _roman(count) if format == "upperRoman" else _roman(count).lower()
    return str(count)


def _level(level: Element) -> Level:
    start = value(level.find(f"{W}start"))
    return Level(
        value(level.find(f"{W}numFmt")) or "decimal", value(level.find(f"{W}lvlText")), _number(start) if start else 1
    )


def _roman(count: int) -> str:
    letters = ""
    for worth, sign in ROMAN:
        times, count = divmod(count, worth)
        letters += sign * min(times, 10)
    return letters


def _number(words: str) -> int:
    return min(int(words), MOST) if words.isascii() and words.isdigit() else 0
