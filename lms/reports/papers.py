"""Many certificates at once: one ZIP with a manifest, or one PDF for printing; both in the register's order, streamed."""

import re
from collections.abc import Iterator
from itertools import groupby
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import BinaryIO

import pikepdf
from zipstream import ZipStream

from lms import files, workbooks
from lms.certificates import queries, wording
from lms.certificates.models import Certificate
from lms.certificates.pdf import Paper, Wording
from lms.certificates.queries import Filter

UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = ("file", "label", "name", "course", "issued_on", "code", "state", "sha256")


def archive(wanted: Filter) -> Iterator[bytes]:
    """A ZIP of the papers as they were issued, and their manifest, in pieces."""
    stream = ZipStream(sized=False)
    stream.add(_manifest(wanted), MANIFEST)
    for certificate, *_ in queries.register(wanted):
        if certificate.sha256:
            stream.add_path(files.path_of(certificate.sha256), file_name(certificate))
        yield from stream.file()
    yield from stream.finalize()


def book(wanted: Filter) -> BinaryIO:
    """One PDF with a page for each paper that is valid, in an open temporary file."""
    target: BinaryIO = TemporaryFile()
    valid = (certificate for certificate, *_ in queries.register(wanted) if certificate.revoked_at is None)
    parts = []
    for words, group in groupby(map(_printed, valid), key=lambda printed: printed[0]):
        part = NamedTemporaryFile(suffix=".pdf")
        for piece in wording.press(words).book(paper for _, paper in group):
            part.write(piece)
        part.flush()
        parts.append(part)
    _merge([part.name for part in parts], target)
    target.seek(0)
    return target


def file_name(certificate: Certificate) -> str:
    """`2026-000123 Nguyễn Thị Thuỳ Dương.pdf`, safe on every system."""
    name = UNSAFE.sub("", certificate.printed["paper"]["name"]).strip(" .")[:80]
    return f"{certificate.year}-{certificate.number:06d} {name}.pdf"


def _manifest(wanted: Filter) -> bytes:
    rows = (
        (
            file_name(certificate),
            certificate.label,
            certificate.printed["paper"]["name"],
            certificate.printed["paper"]["course"],
            certificate.issued_on.isoformat(),
            certificate.code,
            "revoked" if certificate.revoked_at else "valid",
            certificate.sha256,
        )
        for certificate, *_ in queries.register(wanted)
    )
    return "".join(workbooks.csv_lines(MANIFEST_COLUMNS, rows)).encode()


def _printed(certificate: Certificate) -> tuple[Wording, Paper]:
    return wording.from_data(certificate.printed)


def _merge(paths: list[str], target: BinaryIO) -> None:
    with pikepdf.new() as merged:
        for path in paths:
            with pikepdf.open(path) as part:
                merged.pages.extend(part.pages)
        merged.save(target)
