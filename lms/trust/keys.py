"""The keys with which this installation signs what it says: the text of QR symbols and badges, packages to others.

A key is an Ed25519 pair for one purpose, kept in a file under `INSTANCE_PATH/keys` that only the server may read. The
first of a purpose is made when it is first needed. `rotate` makes the next one and forgets the private half of the one
before; its public half goes on verifying, unless it is distrusted.
"""

import fcntl
import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from lms import clock

PURPOSES = ("badge", "federation")
KID_BYTES = 6


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half of a key that everybody may know. `not_after` is None while the key signs."""

    kid: str
    public: bytes
    not_before: datetime
    not_after: datetime | None = None
    distrusted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signs."""

    kid: str
    _private: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """64 bytes; equal messages give equal signatures."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True)
class _Ring:
    """The keys of a purpose: the one that signs, and all that were ever published, latest first."""

    signing: Key | None
    published: tuple[PublicKey, ...]


def signing_key(purpose: str) -> Key:
    """The key that signs for a purpose now, made when there is none."""
    if found := _ring(purpose).signing:
        return found
    with locked():
        if (ring := _ring(purpose)).signing is None:
            _make(purpose)
            ring = _ring(purpose)
    assert ring.signing is not None
    return ring.signing


def public_keys(purpose: str) -> list[PublicKey]:
    """All keys of a purpose that were ever published, latest first."""
    return list(_ring(purpose).published)


def verify(kid: str, message: bytes, signature: bytes, purpose: str) -> bool:
    """Whether one of our keys of this purpose, which is still trusted, has signed a message."""
    known = (key.public for key in _ring(purpose).published if key.kid == kid and key.distrusted_at is None)
    return any(is_signed(public, message, signature) for public in known)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is that of a public key of 32 bytes, ours or somebody else's."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def rotate(purpose: str, *, distrust: bool = False) -> PublicKey:
    """Sign with a new key from now on. With `distrust` nothing counts any more that the keys before have signed."""
    with locked():
        for path in sorted(folder().glob(f"{purpose}-*.json")):
            _end(path, distrust=distrust)
        _make(purpose)
    return _ring(purpose).published[0]


def kid_of(public: bytes) -> str:
    """The short name of a public key: eight characters that go into a URL."""
    return encoded(hashlib.sha256(public).digest()[:KID_BYTES])


def encoded(content: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The inverse of `encoded`. Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def folder() -> Path:
    """Where keys lie; only the server's user may look into it."""
    path = Path(current_app.config["INSTANCE_PATH"]) / "keys"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def locked() -> Iterator[None]:
    """One process at a time makes or ends keys."""
    with (folder() / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write(path: Path, content: bytes) -> None:
    """A file that only the server's user may read; whoever reads finds the whole old or the whole new content."""
    part = path.with_name(f".part-{path.name}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _read.cache_clear()


def changed_at() -> int:
    """Changes whenever a key is made or ended, by whichever process."""
    return folder().stat().st_mtime_ns


def _ring(purpose: str) -> _Ring:
    return _read(folder(), changed_at(), purpose)


@lru_cache(maxsize=16)
def _read(place: Path, changed: int, purpose: str) -> _Ring:
    entries = [json.loads(path.read_bytes()) for path in place.glob(f"{purpose}-*.json")]
    entries.sort(key=lambda entry: str(entry["not_before"]), reverse=True)
    signing = next((_key(entry) for entry in entries if entry["private"]), None)
    return _Ring(signing, tuple(map(_public, entries)))


def _make(purpose: str) -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    entry = {"kid": kid_of(public), "public": encoded(public), "private": encoded(private.private_bytes_raw())}
    entry |= {"not_before": clock.now().isoformat()}
    write(folder() / f"{purpose}-{entry['kid']}.json", json.dumps(entry).encode())


def _end(path: Path, *, distrust: bool) -> None:
    now, entry = clock.now().isoformat(), json.loads(path.read_bytes())
    ended = {**entry, "private": None, "not_after": entry.get("not_after") or now}
    if distrust:
        ended["distrusted_at"] = entry.get("distrusted_at") or now
    if ended != entry:
        write(path, json.dumps(ended).encode())


def _key(entry: Mapping[str, Any]) -> Key:
    return Key(entry["kid"], Ed25519PrivateKey.from_private_bytes(decoded(entry["private"])))


def _public(entry: Mapping[str, Any]) -> PublicKey:
    instants = {name: entry.get(name) for name in ("not_before", "not_after", "distrusted_at")}
    told: dict[str, Any] = {name: value and datetime.fromisoformat(value) for name, value in instants.items()}
    return PublicKey(entry["kid"], decoded(entry["public"]), **told)
