"""A question in pieces of text, as somebody writes it down: the form that Word and Excel share.

`question` understands the pieces, `parts` takes a question apart. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lms import text
from lms.catalogue.check import CHECKS, GAP
from lms.catalogue.content import DIFFICULTIES, Criterion, Gap, Option, Question, Variant
from lms.exchange import answers
from lms.exchange.answers import Choice, listed, separated
from lms.exchange.carried import Remark
from lms.exchange.notation import meaning, spelling, word

DOTS = re.compile(r"\.{4,}|…{2,}|_{3,}|\[\s*\.*…*\s*\]")
GAP_NAMES = "abcdefghijklmnopqrstuvwxyz"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


@dataclass
class Parts:
    """`fields` hold what is written behind a label, by its code, and `places` where; `gaps` those of a cloze by name."""

    place: str = ""
    number: str = ""
    text: str = ""
    choices: list[Choice] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    gaps: dict[str, dict[str, str]] = field(default_factory=dict)
    rubric: list[tuple[str, float]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def put(self, code: str, value: str, place: str) -> None:
        """Note what stands behind a label; a second answer that says something else is a mistake."""
        known = self.fields.get(code)
        if known and code == "answer" and word(known) != word(value):
            self.say("two-answers", place, is_error=True, first=known, second=value)
        elif known and code.endswith("feedback"):
            self.fields[code] = f"{known}\n{value}"
        elif not known:
            self.fields[code], self.places[code] = value, place

    def say(self, key: str, place: str = "", *, is_error: bool = False, **values: object) -> None:
        self.remarks.append(Remark(place or self.place, key, {"question": self.number} | values, is_error))


def question(parts: Parts, id: str = "", topic: str = "") -> Question | None:
    """The question that the parts say, or None; what is wrong is in `parts.remarks`."""
    parts = _mended(parts)
    fields = parts.fields
    given = meaning("type", fields.get("type", ""))
    if fields.get("type") and not given:
        parts.say("unknown-type", parts.places.get("type", ""), is_error=True, value=fields["type"])
    kind = given or answers.kind(parts)
    if not parts.text:
        parts.say("no-text", is_error=True)
    if not kind:
        parts.say("no-answer", is_error=True)
    if any(remark.is_error for remark in parts.remarks):
        return None
    made = Question(
        id=text.clean(fields.get("id", "")) if ID.fullmatch(fields.get("id", "")) else id,
        type=kind,
        topic=text.clean(fields.get("topic", "") or topic),
        outcome=text.clean(fields.get("outcome", "")),
        difficulty=_difficulty(parts),
        text=parts.text,
        points=_points(parts),
        right_feedback=fields.get("right_feedback", ""),
        wrong_feedback=fields.get("wrong_feedback", ""),
        rubric=tuple(Criterion(words, points) for words, points in parts.rubric),
        most_words=int(_number(parts, "most_words", 0)),
        variants=_variants(fields.get("variants", "")),
        excludes=tuple(separated(fields.get("excludes", ""))),
        author=text.clean(fields.get("author", "")),
        licence=text.clean(fields.get("licence", "")),
        source=text.clean(fields.get("source", "")),
    )
    made = _answered(made, parts)
    if not any(remark.is_error for remark in parts.remarks) and (key := CHECKS[kind](made)):
        parts.say(key, is_error=True)
    return None if any(remark.is_error for remark in parts.remarks) else made


def parts(question: Question, topics: Mapping[str, str]) -> Parts:
    """A question in pieces; `topics` are titles by id. The type is told where it would not be understood without."""
    fields = {
        "topic": topics.get(question.topic, question.topic),
        "difficulty": _spelt("difficulty", question.difficulty, DIFFICULTIES),
        "outcome": question.outcome,
        "id": question.id,
        "points": "" if question.rubric or question.points == 1 else answers.written(question.points),
        "answer": answers.key(question),
        "right_feedback": question.right_feedback,
        "wrong_feedback": question.wrong_feedback,
        "forgive": ", ".join(_spelt("forgive", f, ("case", "accents", "spaces")) for f in question.forgive),
        "tolerance": answers.written(question.tolerance) if question.tolerance else "",
        "unit": question.unit,
        "extra": " | ".join(question.extra),
        "most_words": str(question.most_words) if question.most_words else "",
        "variants": " | ".join("; ".join(f"{name} = {value}" for name, value in v) for v in question.variants),
        "excludes": ", ".join(question.excludes),
        "author": question.author,
        "licence": question.licence,
        "source": question.source,
    }
    made = Parts(
        number=question.id,
        text=question.text,
        choices=answers.choices(question),
        fields={code: value for code, value in fields.items() if value},
        pairs=list(question.pairs),
        gaps={gap.id: _gap_fields(gap) for gap in question.gaps},
        rubric=[(line.text, line.points) for line in question.rubric],
    )
    if answers.kind(made) != question.type:
        made.fields["type"] = _spelt("type", question.type, CHECKS)
    return made


def _spelt(family: str, code: str, known: Iterable[str]) -> str:
    return spelling(family, code) if code in known else code


def _gap_fields(gap: Gap) -> dict[str, str]:
    forgive = ", ".join(_spelt("forgive", f, ("case", "accents", "spaces")) for f in gap.forgive)
    said = {"gap": " | ".join(gap.answers), "gap_options": " | ".join(gap.options), "gap_forgive": forgive}
    return {code: value for code, value in said.items() if value}


def _mended(parts: Parts) -> Parts:
    """The same parts, dots and names in the text read as gaps when there is an answer for each."""
    given = listed(parts.fields.get("answer", ""))
    if parts.choices or parts.gaps or not given:
        return parts
    words, placed = parts.text, GAP.findall(parts.text)
    if not placed and len(DOTS.findall(words)) > 1:
        names = iter(GAP_NAMES)
        words = DOTS.sub(lambda found: f"[[{name}]]" if (name := next(names, "")) else found[0], words)
        placed = GAP.findall(words)
    answers_of = [parts.fields["answer"]] if len(placed) == 1 else given
    if not placed or len(answers_of) != len(placed):
        return parts
    rest = {code: value for code, value in parts.fields.items() if code != "answer"}
    gaps = {name: {"gap": answer} for name, answer in zip(placed, answers_of, strict=True)}
    return replace(parts, text=words, fields=rest, gaps=gaps)


def _answered(made: Question, parts: Parts) -> Question:
    fields, kind = parts.fields, made.type
    forgive = _forgiven(fields.get("forgive", ""))
    if kind in ("single", "multiple"):
        right = answers.right_letters(parts)
        options = [Option(c.text, c.letter in right, c.feedback) for c in parts.choices]
        return replace(made, options=tuple(options))
    if kind == "true-false":
        return replace(made, answer=answers.truth(parts))
    if kind == "short":
        return replace(made, answers=tuple(listed(fields.get("answer", ""))), forgive=forgive)
    if kind == "numeric":
        answer, tolerance = answers.amount(fields.get("answer", "")), _number(parts, "tolerance", 0)
        return replace(made, answer=answer, tolerance=tolerance, unit=text.clean(fields.get("unit", "")))
    if kind == "matching":
        return replace(made, pairs=tuple(parts.pairs), extra=tuple(listed(fields.get("extra", ""))))
    if kind == "ordering":
        return replace(made, items=tuple(answers.ordered(parts)))
    if kind == "cloze":
        return replace(made, gaps=tuple(_gap(name, said) for name, said in parts.gaps.items()))
    return made


def _gap(name: str, said: Mapping[str, str]) -> Gap:
    forgive = _forgiven(said.get("gap_forgive", ""))
    return Gap(name, tuple(listed(said.get("gap", ""))), forgive, tuple(listed(said.get("gap_options", ""))))


def _forgiven(words: str) -> tuple[str, ...]:
    return tuple(meaning("forgive", each) or each for each in separated(words))


def _difficulty(parts: Parts) -> str:
    said = parts.fields.get("difficulty", "")
    found = meaning("difficulty", said)
    if said and not found:
        parts.say("unknown-difficulty", parts.places.get("difficulty", ""), value=said)
    return found


def _points(parts: Parts) -> float:
    return sum(points for _, points in parts.rubric) or _number(parts, "points", 1)


def _number(parts: Parts, code: str, default: float) -> float:
    said = parts.fields.get(code, "")
    found = answers.points(said) if said else default
    if found is None or (code == "points" and not 0.25 <= found <= 10_000):
        parts.say("bad-number", parts.places.get(code, ""), value=said)
        return default
    return found


def _variants(words: str) -> tuple[Variant, ...]:
    return tuple(
        tuple((name.strip(), value.strip()) for name, _, value in (each.partition("=") for each in one.split(";")))
        for one in re.split(r"[|\n]", words)
        if one.strip()
    )
