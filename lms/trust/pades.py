"""Signed PDFs: PAdES B-B, B-T when a time stamp server is set, B-LT with the chain's revocation data when it is asked for.

The plain way is pyHanko's, for any file. The quick way signs thousands: it puts the signature into a place that
`increment` made, and what pyHanko writes round a signature is taken from one that it made as a model. Tests prove that both
are the same to whoever checks them.
"""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import cms
from flask import current_app
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from lms import clock
from lms.trust import increment
from lms.trust.identity import REASONS, CannotSign, Identity, apart, identity, is_unborn

SPARE = 16
SECONDS = 10
SOON = timedelta(days=30)
TROUBLES = (*REASONS, "soon")
SET, SEQUENCE, OCTETS, NOUGHT = 0x31, 0x30, 0x04, 0xA0


@dataclass(frozen=True, slots=True)
class Seal:
    """What is to be told of a signature. `level` is B-B, B-T or B-LT."""

    by: str
    fingerprint: str
    at: datetime
    level: str

    def as_data(self) -> dict[str, Any]:
        """What a register keeps beside the file."""
        return {"by": self.by, "fingerprint": self.fingerprint, "at": self.at.isoformat(), "level": self.level}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Seal":
        """The inverse of `as_data`."""
        return cls(**{**data, "at": datetime.fromisoformat(data["at"])})

    @property
    def groups(self) -> str:
        """The fingerprint as one reads it out."""
        return " ".join(self.fingerprint[start : start + 4] for start in range(0, len(self.fingerprint), 4))


def sign(pdf: bytes) -> bytes:
    """A PDF, signed. Raises CannotSign."""
    return sealed(pdf)[0]


def sealed(pdf: bytes, name: str = "") -> tuple[bytes, Seal]:
    """A PDF, signed, and what is to be told of its signature; `name` is for a key that is to be made first. Raises CannotSign."""
    who, at, level = identity(name), clock.now(), _level()
    if who.not_after <= at:
        raise CannotSign("expired")
    with _told():
        content = quickly(pdf, who, at) if level == "B-B" else plainly(pdf, who)
    return content, Seal(who.name, who.fingerprint, at, level)


def quickly(pdf: bytes, who: Identity, at: datetime) -> bytes:
    """Signed by copying bytes; the plain way where the file is laid out otherwise than the press's."""
    model = _model(who)
    try:
        place = increment.place(pdf, room=model.room, at=at)
    except increment.NotPlain:
        return plainly(pdf, who)
    digest = hashlib.sha256(place.before)
    digest.update(place.after)
    return place.filled(model.signature(digest.digest()))


def plainly(pdf: bytes, who: Identity) -> bytes:
    """Signed by pyHanko from beginning to end."""
    url, is_long = current_app.config["TIMESTAMP_URL"], _level() == "B-LT"
    meta = PdfSignatureMetadata(
        field_name=increment.FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=is_long,
        validation_context=_context(who) if is_long else None,
        signer_key_usage=set(),
    )
    stamper = HTTPTimeStamper(url, timeout=SECONDS) if url else None
    signer = PdfSigner(meta, who.signer, timestamper=stamper, new_field_spec=SigFieldSpec(increment.FIELD))
    output = BytesIO()
    apart(signer.sign_pdf, IncrementalPdfFileWriter(BytesIO(pdf), strict=False), output=output)
    return output.getvalue()


def trouble() -> str | None:
    """Why papers cannot be signed, or will soon not be: one of `TROUBLES`; None when all is well."""
    if is_unborn():
        return None
    try:
        who = identity()
        if who.not_after <= clock.now():
            return "expired"
        with _told():
            who.sign(b"")
            if url := current_app.config["TIMESTAMP_URL"]:
                apart(asyncio.run, HTTPTimeStamper(url, timeout=SECONDS).async_timestamp(bytes(32), "sha256"))
    except CannotSign as error:
        return error.reason
    return "soon" if who.not_after <= clock.now() + SOON else None


class Model:
    """What stands round the digest and the signature in a CMS of ours, as pyHanko wrote it once."""

    def __init__(self, who: Identity) -> None:
        digest = hashlib.sha256(b"the model").digest()
        made = apart(asyncio.run, who.signer.async_sign(digest, "sha256", use_pades=True))
        info = cms.ContentInfo.load(made.dump())
        data = info["content"]
        signer = data["signer_infos"][0]
        self._sign = who.sign
        self._kind = info["content_type"].dump()
        names = ("version", "digest_algorithms", "encap_content_info", "certificates")
        self._head = b"".join(data[name].dump() for name in names)
        self._signer = b"".join(signer[name].dump() for name in ("version", "sid", "digest_algorithm"))
        self._algorithm = signer["signature_algorithm"].dump()
        self._before, self._after = signer["signed_attrs"].untag().dump().split(digest)
        self.room = len(info.dump()) + SPARE

    def signature(self, digest: bytes) -> bytes:
        """The CMS for a document with this SHA-256."""
        told = self._before + digest + self._after
        # What is signed is a set; in its place it goes under the tag [0] (RFC 5652, 5.4).
        signer = self._signer + bytes([NOUGHT]) + told[1:] + self._algorithm + _der(OCTETS, self._sign(told))
        data = _der(SEQUENCE, self._head + _der(SET, _der(SEQUENCE, signer)))
        return _der(SEQUENCE, self._kind + _der(NOUGHT, data))


@lru_cache(maxsize=8)
def _model(who: Identity) -> Model:
    return Model(who)


def _der(tag: int, content: bytes) -> bytes:
    """A value with its tag and length."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _level() -> str:
    if not current_app.config["TIMESTAMP_URL"]:
        return "B-B"
    return "B-LT" if current_app.config["SIGNING_LONG_TERM"] else "B-T"


def _context(who: Identity) -> ValidationContext:
    """What is trusted while revocation data is fetched: the roots beside the signer's certificate, the time stamps' among them."""
    chain = list(who.signer.cert_registry)
    roots = [one for one in chain if one.self_issued] or [who.signer.signing_cert]
    return ValidationContext(trust_roots=roots, other_certs=chain, allow_fetching=True)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong while signing, as `CannotSign`."""
    try:
        yield
    except OSError as error:  # TimestampRequestError among them
        current_app.logger.error("the time stamp server: %s", type(error).__name__)
        raise CannotSign("time-stamp") from None
    except (SigningError, PathError, PdfError, ValueError) as error:
        current_app.logger.error("a paper was not signed: %s", type(error).__name__)
        raise CannotSign("signer") from None
