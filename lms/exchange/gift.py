"""Reading GIFT, Moodle's text format of questions: each between blank lines, its answers between braces.

Specification: docs.moodle.org, «GIFT format». A remark's place is a line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.exchange import encodings
from lms.exchange.carried import Carried
from lms.exchange.gathering import Gathering, blank, feedbacks, text_file
from lms.exchange.gift_answers import FORMAT, READERS, SIGNS, TRUTH, Parsed, in_short

MASK_OF = {f"\\{sign}": mask for sign, mask in zip("\\~=#{}:n", "\x0e\x01\x02\x03\x04\x05\x06\x07", strict=True)}
"""Escaped signs are held by others while the text is taken apart; `SIGNS` turns them into what they stand for."""
ESCAPED = re.compile(r"\\[\\~=#{}:n]")
MASKS = re.compile("[\x01-\x07\x0e\ue000]")
AS_WRITTEN = str.maketrans({mask: written for written, mask in MASK_OF.items()})

CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")
TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
CLOSES_OR_BEGINS = re.compile(r"[{}]|^\s*::|^\s*\$CATEGORY", re.MULTILINE)
LOOKS_SO = re.compile(rb"(?m)^\s*\$CATEGORY:|^\s*::.*::|\{\s*(?:[~=#>%}]|(?:T|F|TRUE|FALSE)\s*[#}])")
LINES_AHEAD = 60


@dataclass(frozen=True)
class Block:
    """The lines of one question; `line` is where it begins, `comments` what stood in `//` lines before and in it."""

    line: int
    text: str
    comments: str


def recognises(name: str, content: bytes) -> bool:
    """Whether a text has answers between braces, or a category."""
    head = encodings.head(content)
    return b"\0" not in head and bool(LOOKS_SO.search(head))


def read(name: str, content: bytes) -> Carried:
    """The questions of a GIFT file."""
    gathering, source = text_file(content)
    masked = ESCAPED.sub(lambda found: MASK_OF[found[0]], MASKS.sub("", source))
    for block in _blocks(masked.split("\n")):
        _read_block(gathering, block)
    return gathering.carried()


def _blocks(source: list[str]) -> Iterator[Block]:
    """The parts between blank lines; a blank line between braces parts nothing."""
    lines: list[str] = []
    comments: list[str] = []
    start = 0
    for line_number, line in enumerate([*source, ""], start=1):
        if line.lstrip().startswith("//"):
            comments.append(line)
            line = ""
        elif line.strip():
            start = start or line_number
        elif start and not _goes_on(lines, source[line_number : line_number + LINES_AHEAD]):
            yield Block(start, "\n".join(lines), "\n".join(comments).translate(AS_WRITTEN))
            lines, comments, start = [], [], 0
        if start:
            lines.append(line)


def _goes_on(lines: list[str], following: list[str]) -> bool:
    """Whether a brace was opened that the next lines close, before another question begins."""
    if sum(line.count("{") - line.count("}") for line in lines) <= 0:
        return False
    found = CLOSES_OR_BEGINS.search("\n".join(following))
    return found is not None and found[0] == "}"


def _read_block(gathering: Gathering, block: Block) -> None:
    text, line = block.text, block.line
    while category := CATEGORY.match(text):
        id = ID.search(block.comments)
        gathering.topic(category_title(category[1].translate(SIGNS)), id[1] if id else "")
        line += text[: category.end()].count("\n") + 1
        text = text[category.end() + 1 :]
    if text.strip():
        _read_question(gathering, text, line + _blank_lines(text), block.comments)


def category_title(path: str) -> str:
    """The words of a category's path, without the course and the top."""
    parts = [part.strip().replace("//", "/") for part in re.split(r"(?<!/)/(?!/)", path.strip())]
    return " / ".join(part for part in parts if part and part != "top" and not re.fullmatch(r"\$\w+\$", part))


def _read_question(gathering: Gathering, text: str, line: int, comments: str) -> None:
    text, place = text.strip(), str(line)
    if title := TITLE.match(text):
        text = text[title.end() :]
        line += title[0].count("\n")
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        gathering.remark(place, "not-a-question", words=in_short(text))
    elif start < 0 or end < start:
        gathering.remark(place, "open-brace" if end < 0 else "stray-brace", is_error=True)
    elif "{" in text[start + 1 : end] or "{" in text[end + 1 :]:
        gathering.remark(place, "gift-two-answers", is_error=True)
    else:
        form = FORMAT.match(text.lstrip())
        answers, _, general = text[start + 1 : end].rpartition("####")
        answers, general = (answers, general) if _ else (general, "")
        parsed = Parsed(
            gathering, int(place), text[:start], text[end + 1 :], answers.strip(), form[1] if form else "moodle"
        )
        parsed.answers_line = line + text[: start + 1].count("\n") + _blank_lines(answers)
        _add(parsed, general.strip(), comments)


def _add(parsed: Parsed, general: str, comments: str) -> None:
    kind = _kind(parsed)
    values = READERS[kind](parsed)
    if kind != "cloze":
        missing = "_____" if parsed.after.strip() else ""
        values["text"] = parsed.words(f"{parsed.stem}{missing}{parsed.after}")
    comments_on_it = feedbacks(
        values.pop("right_feedback", ""), values.pop("wrong_feedback", ""), parsed.words(general) if general else ""
    )
    labels = [tag.replace("\\]", "]") for tag in TAG.findall(comments)]
    id = ID.search(comments)
    question = blank(kind, **values, **comments_on_it, id=id[1] if id else "")
    parsed.gathering.add(str(parsed.line), question, labels)


def _kind(parsed: Parsed) -> str:
    answers = parsed.answers
    if not answers:
        return "essay"
    if answers[0] in "#>":
        return "numeric" if answers[0] == "#" else "ordering"
    if answers.partition("#")[0].strip().upper() in TRUTH:
        return "true-false"
    if "~" not in answers and "->" in answers:
        return "matching"
    if parsed.after.strip():
        return "cloze"
    if "~" in answers:
        return "single" if "=" in answers else "multiple"
    return "short"


def _blank_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")
