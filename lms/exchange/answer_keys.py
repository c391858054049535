"""The table of answers at the end of an exam: `1.A 2.C`, or rows of numbers over rows of letters. Pure."""

import re
from itertools import pairwise

from lms.exchange.notation import flat

TITLE = re.compile(
    r"\W*(?:bang |phan |tong hop )?(?:dap an|key)(?: tham khao| chi tiet| trac nghiem| va .{0,40}| de .{0,40}| bai .{0,40})?\W*"
)
ANSWER = r"[a-z](?:\s*[,;&+]\s*[a-z](?![a-z]))*|dung|sai"
PAIR = re.compile(rf"(?:cau\s*)?(\d{{1,4}})\s*[-.:)=–]*\s*({ANSWER})(?![a-z0-9])")
LABEL = re.compile(r"\W*(?:cau|cau so|cau hoi|stt|so)?\W*")
NUMBER = re.compile(r"\W*(?:cau\s*)?(\d{1,4})\W*")


def is_title(words: str) -> bool:
    """Whether a paragraph announces the answers."""
    return len(words) < 80 and bool(TITLE.fullmatch(flat(words).strip()))


def of_line(words: str) -> dict[str, str]:
    """The answers on a line by the number of their question; empty when the line is about something else."""
    found = flat(words)
    rest = PAIR.sub("", found)
    return (
        {} if re.search(r"\w{3,}", rest) else {number.lstrip("0"): said.upper() for number, said in PAIR.findall(found)}
    )


def of_table(rows: list[list[str]]) -> dict[str, str]:
    """The answers in a table."""
    keys: dict[str, str] = {}
    for upper, lower in pairwise(rows):
        keys |= _below(upper, lower)
    if keys:
        return keys
    for row in rows:
        for left, right in pairwise(row):
            number, answer = NUMBER.fullmatch(flat(left)), re.fullmatch(ANSWER, flat(right).strip(" ."))
            if number and answer:
                keys[number[1].lstrip("0")] = right.strip(" .").upper()
        keys |= {number: answer for cell in row for number, answer in of_line(cell).items()}
    return keys


def _below(upper: list[str], lower: list[str]) -> dict[str, str]:
    """Numbers in one row, their letters in the next."""
    numbers = [NUMBER.fullmatch(flat(cell)) for cell in upper]
    answers = [re.fullmatch(ANSWER, flat(cell).strip(" .")) for cell in lower]
    pairs = [(n[1].lstrip("0"), a[0].upper()) for n, a in zip(numbers, answers, strict=False) if n and a]
    return dict(pairs) if len(pairs) >= max(1, sum(n is not None for n in numbers) - 1) else {}
