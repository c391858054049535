"""What a QR symbol holds: a short link, and behind its `#` the signed words of the paper.

Browsers do not send what is behind `#`, so the server never sees it; a page saved on a phone reads and checks it
without any network. A payload is the message, then its Ed25519 signature, in base64url. The message is: version (1 byte),
name of the key (6), days since 2000 (2), then the fields, a letter a byte, with zeros up to a fixed length; the last field is
there only when the paper expires. So all symbols of an installation have one of two sizes, and the smaller one mostly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import current_app

from lms.trust import keys

VERSION, PURPOSE = 1, "badge"
CONTEXT = b"thao-so symbol\n"
"""Signed in front of each message, so that a signature for something else is never one for a symbol."""
TEXT_LENGTHS = (331, 412)
"""What QR symbols of version 13 (69 modules a side) and 15 (77 modules) hold at error level M."""
DAY_ZERO = date(2000, 1, 1)
SIGNATURE_BYTES, HEAD_BYTES = 64, 1 + keys.KID_BYTES + 2
VOWELS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
ALPHABET = "".join(map(chr, range(0x20, 0x7F))) + VOWELS + VOWELS.upper() + "–’“”…"
"""The letters that are written as one byte, from 2 on; 1 parts fields, 0 fills up, 255 goes before any other letter."""
BYTES = {letter: bytes([place]) for place, letter in enumerate(ALPHABET, start=2)}
PART, FILL, OTHER = b"\x01", b"\0", 255
KEPT_OF_EACH = 24
CUT = "…"


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of a symbol say; a field that ends with `…` was too long. `expires_on` is the first day without value."""

    code: str
    number: str
    name: str
    course: str
    issuer: str
    issued_on: date
    expires_on: date | None = None


class NoSymbol(ValueError):
    """A payload that is none of ours, or not whole."""


def text(
    *, code: str, number: str, name: str, course: str, issued_on: date, issuer: str, expires_on: date | None = None
) -> str:
    """What the QR symbol of a paper holds, in ASCII."""
    words = Words(code, number, name, course, issuer, issued_on, expires_on)
    link = f"{current_app.config['BASE_URL']}/v/{code}#"
    rooms = [(length - len(link)) * 3 // 4 - SIGNATURE_BYTES - HEAD_BYTES for length in TEXT_LENGTHS]
    fields = _fields(words)
    room = next((room for room in rooms if len(fields) <= room), rooms[-1])
    return link + signed(fields if len(fields) <= room else _fields(shortened(words, room)), issued_on, room)


def signed(fields: bytes, issued_on: date, room: int) -> str:
    """The payload of these fields, filled up to `room` bytes."""
    key = keys.signing_key(PURPOSE)
    days = (issued_on - DAY_ZERO).days.to_bytes(2, "big")
    message = bytes([VERSION]) + keys.decoded(key.kid) + days + fields.ljust(room, FILL)
    return keys.encoded(message + key.sign(CONTEXT + message))


def read(payload: str) -> tuple[Words, str]:
    """What a payload says and the name of the key that signed it, which is one of ours. Raises NoSymbol."""
    try:
        content = keys.decoded(payload)
    except ValueError:
        raise NoSymbol from None
    message, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    if len(message) < HEAD_BYTES or message[0] != VERSION:
        raise NoSymbol
    kid = keys.encoded(message[1 : 1 + keys.KID_BYTES])
    if not keys.verify(kid, CONTEXT + message, signature, PURPOSE):
        raise NoSymbol
    days = int.from_bytes(message[HEAD_BYTES - 2 : HEAD_BYTES], "big")
    code, number, name, course, issuer, *more = map(_letters, message[HEAD_BYTES:].rstrip(FILL).split(PART))
    expires_on = date.fromisoformat(more[0]) if more else None
    return Words(code, number, name, course, issuer, DAY_ZERO + timedelta(days), expires_on), kid


def key_of(text: str) -> str | None:
    """The name of the key that signed the text of a symbol; None for texts of before there were signed words."""
    _, _, payload = text.partition("#")
    return keys.encoded(keys.decoded(payload)[1 : 1 + keys.KID_BYTES]) if payload else None


def shortened(words: Words, room: int) -> Words:
    """Words that fit: the longest field loses letters first, the name only when the others are short already."""
    while len(_fields(words)) > room:
        fields: Sequence[str] = [name for name in ("course", "issuer") if len(getattr(words, name)) > KEPT_OF_EACH]
        longest = max(fields or ("name", "number"), key=lambda name: len(getattr(words, name)))
        shorter = getattr(words, longest).removesuffix(CUT)[:-1].rstrip() + CUT
        words = replace(words, **{longest: shorter})
    return words


def _fields(words: Words) -> bytes:
    told = [words.code, words.number, words.name, words.course, words.issuer]
    if words.expires_on:
        told.append(words.expires_on.isoformat())
    return PART.join(b"".join(map(_byte, field)) for field in told)


def _byte(letter: str) -> bytes:
    return BYTES.get(letter) or bytes([OTHER]) + _spread(ord(letter))


def _letters(field: bytes) -> str:
    """The inverse of `_byte` for all letters of a field."""
    letters, place = [], 0
    while place < len(field):
        if field[place] == OTHER:
            letters.append(chr(_joined(field[place + 1 : place + 4])))
            place += 4
        else:
            letters.append(ALPHABET[field[place] - 2])
            place += 1
    return "".join(letters)


def _spread(code_point: int) -> bytes:
    """A code point as three bytes of seven bits each, the highest bit set: none of them parts or fills."""
    return bytes(0x80 | code_point >> shift & 0x7F for shift in (14, 7, 0))


def _joined(content: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(content, (14, 7, 0), strict=True))
