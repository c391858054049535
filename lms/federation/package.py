"""The file of a package: a ZIP with a manifest, tables, their sums, and a signature. Each content has one spelling.

The signature is over the manifest, which names the SHA-256 of every table. `opened` believes nothing; whoever has checked
the signature asks `read` for what the tables say.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from lms import archives
from lms.archives import UnsafeArchive
from lms.federation import lines
from lms.federation.rules import (
    FIGURES_FILE,
    FORMAT,
    MANIFEST,
    PEOPLE,
    SIGNATURE,
    STATUSES,
    SUMS,
    UNITS,
    Faulty,
    Manifest,
    Package,
    Problem,
)
from lms.trust import keys
from lms.yearbooks.rules import canonical

CONTEXT = b"thaoso-federation-1\n"
ALGORITHM = "Ed25519"
MOST_BYTES = 120 * 1024 * 1024
YEARS = range(1990, 2200)
PLAIN = (int, str, bool)


class Signature(NamedTuple):
    """Who says that it signed: the name of a key, its public half, and the signature, both as base64url."""

    algorithm: str
    kid: str
    public: str
    signature: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A package as it came; nothing of it is believed yet."""

    manifest: Manifest
    signature: Signature
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """What the package is known by: the SHA-256 of its manifest."""
        return sha256(self.files[MANIFEST]).hexdigest()

    @property
    def public(self) -> bytes:
        """The public key that it names."""
        return keys.decoded(self.signature.public)

    @property
    def is_signed(self) -> bool:
        """Whether the key that it names has signed it; whose key that is, is another question."""
        signed = keys.decoded(self.signature.signature)
        return keys.is_signed(self.public, CONTEXT + self.files[MANIFEST], signed)


def sealed(package: Package, key: keys.Key, public: bytes) -> bytes:
    """The file of a package, signed: the same for the same package and key."""
    tables = lines.tables(package)
    manifest = replace(package.manifest, files={name: _digest(content) for name, content in tables.items()})
    head = canonical(asdict(manifest)).encode()
    signature = Signature(ALGORITHM, key.kid, keys.encoded(public), keys.encoded(key.sign(CONTEXT + head)))
    listed = {MANIFEST: head, **tables}
    return archives.zipped({**listed, SUMS: _sums(listed), SIGNATURE: canonical(signature._asdict()).encode()})


def opened(content: bytes) -> Sealed:
    """The parts of a file that look like a package. Raises `Faulty`."""
    try:
        files = archives.unzip(content, most_bytes=MOST_BYTES)
    except UnsafeArchive as error:
        raise Faulty([Problem("archive", values={"key": error.key})]) from error
    needed = {MANIFEST, SIGNATURE, SUMS, UNITS, FIGURES_FILE}
    wrong = [Problem("missing-file", name) for name in sorted(needed - set(files))]
    wrong += [Problem("extra-file", name) for name in sorted(set(files) - needed - {PEOPLE})]
    if wrong:
        raise Faulty(wrong)
    return Sealed(_manifest(files[MANIFEST]), _signature(files[SIGNATURE]), files)


def changed_files(sealed: Sealed) -> list[Problem]:
    """The files that are not those that were signed."""
    files, said = sealed.files, sealed.manifest.files
    tables = {name: content for name, content in files.items() if name in lines.COLUMNS}
    wrong = [Problem("changed-file", name) for name, content in tables.items() if said.get(name) != _digest(content)]
    if set(said) != set(tables) or sealed.manifest.with_names != (PEOPLE in files):
        wrong.append(Problem("changed-file", MANIFEST))
    if files[SUMS] != _sums(
        {MANIFEST: files[MANIFEST], **{name: files[name] for name in lines.COLUMNS if name in files}}
    ):
        wrong.append(Problem("changed-file", SUMS))
    return wrong


def read(sealed: Sealed) -> Package:
    """What the tables of a package say. Raises `Faulty`, with every line that cannot be read."""
    wrong: list[Problem] = []
    units = list(lines.units(sealed.files, wrong))
    people = list(lines.people(sealed.files, wrong)) if sealed.manifest.with_names else []
    figures = lines.figures(sealed.files, wrong)
    if wrong:
        raise Faulty(wrong)
    return Package(sealed.manifest, units, figures, people)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _sums(files: Mapping[str, bytes]) -> bytes:
    """As the command `sha256sum -c` takes them."""
    return "".join(f"{_digest(content)}  {name}\n" for name, content in files.items()).encode()


def _json(name: str, content: bytes) -> dict[str, Any]:
    """An object in its one spelling. Raises `Faulty`."""
    try:
        data = json.loads(content)
        if isinstance(data, dict) and canonical(data).encode() == content:
            return data
    except (ValueError, RecursionError):
        pass
    raise Faulty([Problem("not-ours", name)])


def _manifest(content: bytes) -> Manifest:
    data = _json(MANIFEST, content)
    if data.get("format") != FORMAT:
        raise Faulty([Problem("format", MANIFEST)])
    kinds = {each.name: each.type if each.type in PLAIN else None for each in fields(Manifest)}
    if set(data) != set(kinds) or not all(lines.fits(data[name], kind) for name, kind in kinds.items()):
        raise Faulty([Problem("not-ours", MANIFEST)])
    try:
        chain = [(int(number), str(last_hash)) for number, last_hash in data["chain"]]
        date.fromisoformat(data["as_of"])
        datetime.fromisoformat(data["closed_at"])
        is_counted = all(lines.fits(n, int) and name in STATUSES for name, n in data["totals"].items())
        is_listed = all(lines.fits(value, str) for value in data["files"].values())
    except (ValueError, TypeError, AttributeError) as error:
        raise Faulty([Problem("not-ours", MANIFEST)]) from error
    if data["year"] not in YEARS or not (is_counted and is_listed):
        raise Faulty([Problem("not-ours", MANIFEST)])
    return Manifest(**data | {"chain": chain})


def _signature(content: bytes) -> Signature:
    data = _json(SIGNATURE, content)
    try:
        said = Signature(**data)
        known = (32, keys.kid_of(keys.decoded(said.public)), ALGORITHM)
        spelt = all(keys.encoded(keys.decoded(one)) == one for one in (said.public, said.signature))
        if spelt and (len(keys.decoded(said.public)), said.kid, said.algorithm) == known:
            return said
    except (TypeError, ValueError, AttributeError):
        pass
    raise Faulty([Problem("not-ours", SIGNATURE)])
