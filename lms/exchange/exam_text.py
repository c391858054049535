"""Questions as people type them: `Câu 1 … A. … B. … Đáp án: B`. Paragraphs in, questions in parts out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from lms import text
from lms.exchange import answer_keys
from lms.exchange.answers import LETTERS, Choice, number, points
from lms.exchange.inline import markdown, plain
from lms.exchange.notation import flat, labels, meaning
from lms.exchange.numbering import BULLET
from lms.exchange.paragraphs import PICTURE, Block, Paragraph, Span, Table
from lms.exchange.parts import Parts

START = re.compile(
    r"\W{0,3}(?:cau|bai tap|question)(?:\s+hoi)?(?:\s+so)?\s*(?P<number>\d{1,5})"
    r"\s*(?P<level>[(\[][^)\]]{1,30}[)\]])?\s*(?:[.:)/\-–]+\s*|\s+|$)"
    r"(?P<more>[(\[][^)\]]{1,20}[)\]]\s*[.:]?\s*)?"
)
STYLES = ("question", "option", "field")
"""The styles of paragraphs that we wrote of a question."""
WEAK = re.compile(r"\W{0,2}(?P<number>\d{1,4})\s*[.)/:]\s*")
OPTION = re.compile(r"(?P<star>\*?)[(\[]?(?P<letter>[a-z])\s*(?P<sign>[.)\]/:])\s*(?P<star2>\*?)")
SECTION = re.compile(
    r"(?:phan|chuong|chuyen de|muc|bai)\s+(?:[ivx]+|\d+|thu\b)|(?:[ivx]{1,5}|\d)\s*[.)]\s*(?:phan|cau hoi|trac nghiem|tu luan)"
)
ESSAY = re.compile(r"\(?(?:cau hoi )?tu luan\)?\s*[:.]?\s*")
RUBRIC = re.compile(
    r"[-–•*+]?\s*(?P<text>.*?)[\s:;,–\-(=]*\(?(?P<points>\d+(?:[.,]\d+)?)\s*(?:diem|d)\)?[.;]?", re.DOTALL
)
CHOSEN = re.compile(
    r"(?:=>|->|→|dap an|chon(?: dap an)?|d/?a)\s*(?:dung)?\s*(?:la)?\s*[:.]?\s*(?P<letters>[a-h](?:\s*[,;]\s*[a-h])*)\s*\.?"
)
TAIL = ("right_feedback", "wrong_feedback")
WITH_PICTURES = (*TAIL, "option_feedback", "rubric")
"""Fields whose text may hold a picture."""
NOT_IN_WORD = {"text", "pairs"}
LOOK_AHEAD = 12


@cache
def _field() -> re.Pattern[str]:
    known = sorted((label for label, code in labels("field").items() if code not in NOT_IN_WORD), key=len, reverse=True)
    named = "|".join(re.escape(label) for label in known)
    return re.compile(
        rf"(?:^[\s\-–•*+]*|[\t;|]\s*|\s{{2,}})[(\[]?(?P<label>{named})(?:\s+\[*(?P<of>[a-z0-9]{{1,20}})\]*)?\s*[:：]\s*"
    )


class Exam:
    """Takes the blocks of a document one after the other; those that belong to no question it gives back."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.questions: list[Parts] = []
        self.keys: dict[str, tuple[str, str]] = {}
        self.current: Parts | None = None
        self.last = ""
        self.reads_keys = self.is_essay_section = False
        self.weak = _weak_starts(blocks)
        self.strays: list[tuple[str, str]] = []
        """Numbers in the table of answers that no question has, each with its place."""

    def take(self, block: Block, *, in_lesson: bool) -> bool:
        """Whether the block is part of a question; `in_lesson`: text has come before that is no question's."""
        if isinstance(block, Table):
            return self._table(block)
        if block.style in STYLES:
            return self._ours(block)
        if answer_keys.is_title(block.plain):
            self.close()
            self.reads_keys = True
            return True
        if self.reads_keys and self._key_line(block):
            return True
        if self.current is not None and self.last != "text" and _is_section(block):
            self.close()
        if self.current is None and _is_section(block):
            self._begin_section(block)
            return False
        line_taken = [self._line(line, in_lesson) for line in _labelled(block).lines() if line.plain.strip()]
        return any(line_taken) or not line_taken

    def close(self) -> None:
        """End the question that is being read, and a table of answers."""
        self.current, self.reads_keys = None, False

    def end(self) -> None:
        """All has been read: put the answers of the table where they belong."""
        self.close()
        known: dict[str, list[Parts]] = {}
        for parts in self.questions:
            known.setdefault(parts.number, []).append(parts)
        for label, (answer, place) in self.keys.items():
            asked = known.get(label, [])
            if len(asked) == 1:
                asked[0].put("answer", answer, place)
            elif asked:
                asked[0].say("key-for-several", place, is_error=True, question=label, count=len(asked))
            else:
                self.strays.append((label, place))

    def _begin_section(self, block: Paragraph) -> None:
        self.is_essay_section = "tu luan" in flat(block.plain)

    def _line(self, line: Paragraph, in_lesson: bool) -> bool:
        found = flat(line.plain)
        strong = START.match(found)
        if strong or (line.place in self.weak and (strong := WEAK.match(found))):
            self._begin(line, strong)
            return True
        if self.current is None:
            return False
        if self._fields(line, found) or self._options(line, found):
            return True
        return self._continue(line, found, in_lesson)

    def _begin(self, line: Paragraph, found: re.Match[str]) -> None:
        self.current = Parts(line.place, number=found["number"].lstrip("0") or "0")
        self.questions.append(self.current)
        self.reads_keys, self.last = False, "text"
        if self.is_essay_section:
            self.current.fields["type"] = "essay"
        groups = found.groupdict()
        for hint in (groups.get("level"), groups.get("more")):
            if hint and (level := meaning("difficulty", hint)):
                self.current.fields["difficulty"] = level
            elif hint and (worth := points(hint.strip(" ([)].:"))) is not None:
                self.current.fields["points"] = str(worth)
        at_end = found.end()
        more = groups.get("more")
        if more and not meaning("difficulty", more) and "diem" not in more:
            at_end = found.start("more")
        essay = ESSAY.match(flat(line.plain), at_end)
        if essay and essay.end() > at_end:
            self.current.fields["type"], at_end = "essay", essay.end()
        self._inline_options(line.cut(at_end))

    def _inline_options(self, line: Paragraph) -> None:
        """The text of a question, and the choices that stand on its line."""
        found = flat(line.plain)
        first = next(
            (m for m in re.finditer(r"(?:\t|\s{2,})(?=\*?a\s*[.)])", found) if _cut_options(line.cut(m.end()), 0)), None
        )
        self._add_text(line.cut(0, first.start()) if first else line)
        if first:
            rest = line.cut(first.end())
            self._options(rest, flat(rest.plain))

    def _add_text(self, line: Paragraph) -> None:
        assert self.current is not None
        self.current.text = "\n".join(filter(None, [self.current.text, written(line)]))

    def _fields(self, line: Paragraph, found: str) -> bool:
        assert self.current is not None
        matches = list(_field().finditer(found))
        if not matches or (matches[0].start() > 0 and not _is_blank(found[: matches[0].start()])):
            chosen = CHOSEN.fullmatch(found.strip())
            if chosen and (self.current.choices or "dap an" in found):
                self.current.put("answer", chosen["letters"].upper(), line.place)
                self.last = "answer"
            return bool(chosen)
        for match, following in zip(matches, [*matches[1:], None], strict=True):
            value = line.cut(match.end(), following.start() if following else None)
            self._field(labels("field")[match["label"]], match["of"] or "", value)
        return True

    def _field(self, code: str, of: str, value: Paragraph) -> None:
        assert self.current is not None
        self.last = code
        if PICTURE in value.plain and code not in WITH_PICTURES:
            self.current.say("picture-not-here", value.place)
        if code in ("gap", "gap_options", "gap_forgive"):
            self.current.gaps.setdefault(of, {})[code] = words_of(value)
        elif code == "option_feedback":
            self._comment(of, value)
        elif code == "rubric":
            self._rubric(value)
        elif code in TAIL or (code == "answer" and value.plain.strip()):
            self.current.put(code, written(value) if code in TAIL else words_of(value), value.place)
        elif value.plain.strip():
            self.current.put(code, words_of(value), value.place)

    def _comment(self, of: str, value: Paragraph) -> None:
        assert self.current is not None
        for choice in self.current.choices:
            if choice.letter == of.upper():
                choice.feedback = "\n".join(filter(None, [choice.feedback, written(value)]))

    def _rubric(self, line: Paragraph) -> None:
        assert self.current is not None
        found = RUBRIC.fullmatch(flat(line.plain.strip()))
        if not line.plain.strip():
            return
        worth = number(found["points"]) if found else None
        if found is None or not worth:
            self.current.say("rubric-without-points", line.place, is_error=True)
            return
        start = len(line.plain) - len(line.plain.lstrip()) + found.start("text")
        self.current.rubric.append((written(line.cut(start, start + len(found["text"]))), worth))

    def _options(self, line: Paragraph, found: str) -> bool:
        assert self.current is not None
        has_key = "answer" in self.current.fields or bool(TAIL[0] in self.current.fields)
        cuts = _cut_options(line, len(self.current.choices))
        if not cuts or (has_key and cuts[0][0] == "A"):
            return False
        for letter, start, end, is_starred in cuts:
            self._choose(letter, line.cut(start, end), is_starred)
        return True

    def _choose(self, letter: str, words: Paragraph, is_starred: bool) -> None:
        assert self.current is not None
        expected = LETTERS[min(len(self.current.choices), 25)]
        if letter != expected:
            self.current.say("option-letter", words.place, letter=letter, expected=expected)
        is_marked = is_starred or looks_marked(words)
        said = text.clean(written(words, keeps_bold=False) if is_marked else written(words))
        if said.endswith("(*)"):
            said, is_marked = said[:-3].rstrip(), True
        self.current.choices.append(Choice(expected, said, is_marked, place=words.place))
        self.last = "option"

    def _continue(self, line: Paragraph, found: str, in_lesson: bool) -> bool:
        """A line without a sign goes on with what was before it; after a whole question, text is a lesson's."""
        parts = self.current
        assert parts is not None
        if self.last == "rubric":
            self._rubric(line)
        elif self.last == "text":
            self._add_text(line)
        elif in_lesson and ("answer" in parts.fields or any(choice.is_marked for choice in parts.choices)):
            self.close()
            return False
        elif self.last in TAIL:
            parts.put(self.last, written(line), line.place)
        elif self.last == "option":
            parts.choices[-1].text = f"{parts.choices[-1].text} {text.clean(written(line))}".strip()
        elif self.last == "answer" and not parts.fields.get("answer"):
            parts.put("answer", words_of(line), line.place)
        else:
            parts.say("stray-line", line.place)
        return True

    def _table(self, table: Table) -> bool:
        if self.reads_keys or (self.current is None and self.questions):
            keys = answer_keys.of_table(table.words)
            self.keys.update({label: (answer, table.place) for label, answer in keys.items()})
            if keys:
                return True
        if self.current is None or self.current.choices:
            return False
        pairs = _pairs(table)
        if pairs:
            self.current.pairs += pairs
        else:
            lines = (" | ".join(" ".join(map(_in_cell, cell)) for cell in row) for row in table.rows)
            self.current.text = "\n".join([self.current.text, *lines])
            self.current.say("table-in-question", table.place)
        self.last = "pairs"
        return True

    def _key_line(self, block: Paragraph) -> bool:
        keys = answer_keys.of_line(_labelled(block).plain)
        self.keys.update({label: (answer, block.place) for label, answer in keys.items()})
        return bool(keys)

    def _ours(self, block: Paragraph) -> bool:
        """A paragraph in a style of ours says all in one paragraph, line breaks and all."""
        found = flat(block.plain)
        start = START.match(found)
        if block.style == "question" and start:
            self.current = Parts(block.place, number=start["number"])
            self.questions.append(self.current)
            self.current.text = written(block.cut(_after_label(found)))
            self.last = "text"
        elif self.current is None:
            return False
        elif block.style == "option" and (option := OPTION.match(found)):
            self.current.choices.append(
                Choice(option["letter"].upper(), written(block.cut(option.end())), place=block.place)
            )
        elif block.style == "field" and (label := _field().match(found)):
            self._field(labels("field")[label["label"]], label["of"] or "", block.cut(label.end()))
        else:
            return bool([self._line(line, False) for line in _labelled(block).lines()])
        return True


def written(line: Paragraph, *, keeps_bold: bool = True) -> str:
    """The Markdown of a line; a line that is bold, coloured or underlined as a whole is plain text that somebody dressed up."""
    drops = not keeps_bold or line.is_bold
    spans = [s if s.picture else s._replace(is_bold=s.is_bold and not drops) for s in line.spans]
    return text.clean_lines(markdown(spans))


def words_of(line: Paragraph) -> str:
    """The words of a line without their look."""
    return text.clean_lines(plain(line.spans))


def looks_marked(words: Paragraph) -> bool:
    """Whether every letter is underlined, coloured, highlighted or bold."""
    letters = [span for span in words.spans if span.text.strip() and not span.picture]
    return bool(letters) and all(span.is_marked or span.is_bold for span in letters)


def _labelled(block: Paragraph) -> Paragraph:
    """The paragraph with the number that Word writes before it as a part of its text."""
    if not block.label or block.label == BULLET:
        return replace(block, spans=(Span("- "), *block.spans)) if block.label else block
    return replace(block, spans=(Span(f"{block.label} "), *block.spans), label="")


def _after_label(found: str) -> int:
    start = re.match(r"cau \d+\.? ?", found)
    return start.end() if start else 0


def _is_section(block: Paragraph) -> bool:
    found = flat(block.plain).strip()
    is_loud = block.is_bold or block.plain.isupper() or block.style == "heading"
    return bool(
        block.style == "heading" or (is_loud and len(found) < 150 and SECTION.match(found) and not START.match(found))
    )


def _is_blank(words: str) -> bool:
    return not words.strip(" -–•*+\t")


def _cut_options(line: Paragraph, count: int) -> list[tuple[str, int, int, bool]]:
    """The choices on a line: letter, where its text starts and ends, whether a star stands before it."""
    found = flat(line.plain)
    begin = len(found) - len(found.lstrip(" \t-–•"))
    first = OPTION.match(found, begin)
    if not first or not _is_option(line.plain, first, count):
        return []
    starts = [first]
    while len(starts) < 26:
        letter = LETTERS[(LETTERS.index(starts[-1]["letter"].upper()) + 1) % 26].lower()
        following = re.compile(rf"(?<=[\s;,.])\*?\(?{letter}\s*[.)/:]\s*").search(found, starts[-1].end())
        if not following or not (found_there := OPTION.match(found, following.start())):
            break
        if line.plain[found_there.start("letter")].islower() and line.plain[first.start("letter")].isupper():
            break
        starts.append(found_there)
    ends = [match.start() for match in starts[1:]] + [len(found)]
    return [
        (match["letter"].upper(), match.end(), end, bool(match["star"] or match["star2"]))
        for match, end in zip(starts, ends, strict=True)
    ]


def _is_option(words: str, found: re.Match[str], count: int) -> bool:
    """The letter that is due, or any of the first eight; a small one must be the one that is due."""
    letter = found["letter"].upper()
    is_due = letter == LETTERS[min(count, 25)]
    return is_due or (count > 0 and words[found.start("letter")].isupper() and letter <= "H" and found["sign"] in ".)")


def _weak_starts(blocks: Iterable[Block]) -> set[str]:
    """Places of paragraphs such as `1. …` that are questions, because choices or a key follow; none if any says «Câu»."""
    lines = [(b, flat(_labelled(b).plain)) for b in blocks if isinstance(b, Paragraph) and b.style != "heading"]
    if any(START.match(found) for _, found in lines):
        return set()
    return {line.place for index, (line, found) in enumerate(lines) if WEAK.match(found) and _is_followed(lines, index)}


def _is_followed(lines: list[tuple[Paragraph, str]], index: int) -> bool:
    if re.search(r"\n\s*\*?a\s*[.)]|(?:\t|\s{2,})\*?a\s*[.)]", lines[index][1]):
        return True
    for _, found in lines[index + 1 : index + LOOK_AHEAD]:
        if WEAK.match(found):
            return False
        if re.match(r"[\s\-–•]*\*?\(?a\s*[.)]", found) or _field().match(found) or CHOSEN.fullmatch(found.strip()):
            return True
    return False


def _pairs(table: Table) -> list[tuple[str, str]]:
    rows = [[text.clean(" ".join(written(p) for p in cell)) for cell in row] for row in table.rows]
    heads = table.words[0] if rows else []
    has_head = len(heads) == 2 and meaning("paper", heads[0]) == "left" and meaning("paper", heads[1]) == "right"
    rows = rows[1:] if has_head else rows
    if not rows or any(len(row) != 2 for row in rows) or any(not all(row) for row in rows):
        return []
    return [(left, right) for left, right in rows]


def _in_cell(words: Paragraph) -> str:
    """What a cell says among a question's text: its words without their look, and its pictures."""
    return text.clean(written(words) if PICTURE in words.plain else words.plain)


def label_of(line: Paragraph, family: str) -> tuple[str, str] | None:
    """The code of the label at the beginning of a line, and what stands behind it."""
    found = re.match(r"\W{0,3}(?P<label>[^:\n]{2,30}?)\s*:\s*", flat(line.plain))
    code = labels(family).get(found["label"]) if found else None
    return (code, words_of(line.cut(found.end()))) if found and code else None
