"""A course package that comes as a ZIP and leaves as one.

In it lies one folder named after the course, or the files at the top, named after the ZIP. Files that begin with a dot are
left out, but for `.draft`: it names the revision that was downloaded, so that what others wrote since is kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lms import archives, files, text
from lms.archives import UnsafeArchive
from lms.authoring.models import Draft, DraftRevision
from lms.catalogue import writing
from lms.catalogue.package import Problem, trouble_of_text
from lms.catalogue.queries import Published

IGNORED = ("__MACOSX/", ".")
MARK = ".draft"
MARKED = re.compile(rb"draft ([1-9][0-9]{0,8}) revision ([1-9][0-9]{0,8})")
TEXTS = (".md", ".toml")
MOST_TEXT = 4_000_000


@dataclass(frozen=True)
class Unpacked:
    """The files of a package by path, and the draft and revision that it was downloaded from, when it says so."""

    slug: str
    files: dict[str, bytes]
    origin: tuple[int, int] | None = None

    @property
    def texts(self) -> dict[str, str]:
        """Its texts by path. Raises UnicodeDecodeError."""
        return {path: data.decode("utf-8-sig") for path, data in self.files.items() if path.endswith(TEXTS)}

    @property
    def unreadable(self) -> list[Problem]:
        """Texts that no draft can hold."""
        texts = ((path, data) for path, data in self.files.items() if path.endswith(TEXTS))
        return [trouble for path, data in texts if (trouble := trouble_of_text(path, data))]

    def store_media(self) -> dict[str, str]:
        """Keep its media; their names by path."""
        return {path: files.put(data) for path, data in self.files.items() if path.startswith("media/")}


def unpack(name: str, content: bytes) -> Unpacked:
    """The package in a ZIP. Raises `UnsafeArchive`."""
    found = {text.normal(path): data for path, data in archives.unzip(content).items()}
    kept = {path: data for path, data in found.items() if not _is_ignored(path)}
    if sum(len(data) for path, data in kept.items() if path.endswith(TEXTS)) > MOST_TEXT:
        raise UnsafeArchive("archive.too-large")
    tops = {path.split("/", 1)[0] for path in kept if "/" in path}
    if len(tops) == 1 and all("/" in path for path in kept):
        slug = tops.pop()
        inside = {path.removeprefix(f"{slug}/"): data for path, data in kept.items()}
        return Unpacked(slug, inside, _origin(found.get(f"{slug}/{MARK}", b"")))
    return Unpacked(text.slug(PurePosixPath(name).stem), kept, _origin(found.get(MARK, b"")))


def pack_draft(draft: Draft, revision: DraftRevision) -> bytes:
    """A revision of a draft as a ZIP that knows where it came from."""
    mark = f"draft {draft.id} revision {revision.number}\n"
    return _packed(draft.slug, {MARK: mark, **revision.files}, revision.media)


def pack_version(published: Published) -> bytes:
    """A published version as a ZIP."""
    return _packed(published.content.slug, writing.files(published.content), published.media)


def _packed(slug: str, texts: Mapping[str, str], media: Mapping[str, str]) -> bytes:
    written = {f"{slug}/{path}": content.encode() for path, content in texts.items()}
    return archives.zipped(written | {f"{slug}/{path}": files.read(digest) for path, digest in media.items()})


def _is_ignored(path: str) -> bool:
    return path.startswith(IGNORED) or PurePosixPath(path).name.startswith(".")


def _origin(mark: bytes) -> tuple[int, int] | None:
    found = MARKED.match(mark)
    return (int(found[1]), int(found[2])) if found else None
