"""Keys: made once, told in public, replaced by new ones, and never readable by others."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.audit import AuditEntry
from lms.db import db
from lms.trust import identity, keys, pades, published
from tests.page import Visitor
from tests.trust.papers import fresh


@pytest.fixture(autouse=True)
def own_keys(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(app, tmp_path, monkeypatch)


def test_a_key_signs_what_its_public_half_verifies() -> None:
    key = keys.signing_key("badge")
    signature = key.sign(b"words")
    assert keys.verify(key.kid, b"words", signature, "badge")
    assert not keys.verify(key.kid, b"other words", signature, "badge")
    assert not keys.verify(key.kid, b"words", signature[:-1] + bytes([signature[-1] ^ 1]), "badge")
    assert not keys.verify(key.kid, b"words", b"", "badge")
    assert not keys.verify("AAAAAAAA", b"words", signature, "badge")


def test_a_key_is_for_one_purpose() -> None:
    badge, federation = keys.signing_key("badge"), keys.signing_key("federation")
    assert badge.kid != federation.kid
    assert not keys.verify(badge.kid, b"words", badge.sign(b"words"), "federation")


def test_many_who_need_the_first_key_make_one(app: Flask) -> None:
    def kid(_: int) -> str:
        with app.app_context():
            return keys.signing_key("badge").kid

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(kid, range(32)))) == 1
    assert len(keys.public_keys("badge")) == 1


def test_only_the_servers_user_may_read_keys() -> None:
    keys.signing_key("badge")
    identity.identity()
    files = [path for path in keys.folder().iterdir() if path.suffix in (".json", ".pem")]
    assert len(files) == 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert keys.folder().stat().st_mode & 0o777 == 0o700


def test_no_key_shows_in_words() -> None:
    key = keys.signing_key("badge")
    secret = next(keys.folder().glob("badge-*.json")).read_text().split('"private": "')[1][:43]
    assert "Ed25519PrivateKey" not in repr(key) and secret not in repr(key)
    assert "PRIVATE" not in str(published.key_set()) and secret not in str(published.key_set())
    assert "sign=" not in repr(identity.identity()) and "Private" not in repr(identity.identity())


def test_after_a_rotation_the_old_key_verifies_and_signs_no_more(app: Flask) -> None:
    old = keys.signing_key("badge")
    signature = old.sign(b"words")
    result = app.test_cli_runner().invoke(args=["keys", "rotate", "badge"])
    new = keys.signing_key("badge")
    assert new.kid != old.kid and new.kid in result.output
    assert keys.verify(old.kid, b"words", signature, "badge")
    latest, before = keys.public_keys("badge")
    assert (latest.kid, latest.not_after, before.kid, before.not_after is None) == (new.kid, None, old.kid, False)
    assert '"private": null' in (keys.folder() / f"badge-{old.kid}.json").read_text()
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "trust.rotate")).one()
    assert (line.subject, line.detail) == (f"key:{new.kid}", {"purpose": "badge", "distrusted": False})


def test_what_a_distrusted_key_has_signed_counts_no_more(app: Flask, visitor: Visitor) -> None:
    old = keys.signing_key("badge")
    signature = old.sign(b"words")
    app.test_cli_runner().invoke(args=["keys", "rotate", "badge", "--distrust"])
    assert not keys.verify(old.kid, b"words", signature, "badge")
    told = {key["kid"]: key for key in visitor.fetch("/.well-known/thao-so-keys.json").json["keys"]}
    assert told[old.kid]["revoked"]["reason"] == "compromised" and "revoked" not in told[keys.signing_key("badge").kid]
    assert old.kid not in visitor.fetch("/.well-known/did.json").text


def test_a_new_key_for_papers_carries_the_name_that_was_asked_for(app: Flask) -> None:
    old = identity.identity()
    app.test_cli_runner().invoke(args=["keys", "rotate", "pdf", "--name", "Sở Khoa học và Công nghệ"])
    new = identity.identity()
    assert (new.name, new.fingerprint != old.fingerprint) == ("Sở Khoa học và Công nghệ", True)
    told = [key["kid"] for key in published.key_set()["keys"] if key["purpose"] == "pdf"]
    assert set(told) == {old.fingerprint, new.fingerprint}
    assert sum(b"PRIVATE KEY" in path.read_bytes() for path in keys.folder().glob("pdf-*.pem")) == 1


def test_keys_are_listed_and_exported(app: Flask) -> None:
    runner, who = app.test_cli_runner(), identity.identity("Sở Thử")
    listed = runner.invoke(args=["keys", "list"]).output
    for purpose in keys.PURPOSES:
        assert keys.signing_key(purpose).kid in listed
    assert who.name == "Sở Thử" and who.name in listed
    assert published.did() in runner.invoke(args=["keys", "export"]).output


def test_published_keys_may_be_read_from_everywhere(visitor: Visitor) -> None:
    kid = keys.signing_key("badge").kid
    for path in ("/.well-known/thao-so-keys.json", "/.well-known/did.json"):
        answer = visitor.fetch(path)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
        assert kid in answer.text and "private" not in answer.text.lower()


def test_looking_at_keys_makes_no_certificate_in_nobodys_name(app: Flask, visitor: Visitor) -> None:
    app.test_cli_runner().invoke(args=["keys", "list"])
    visitor.fetch("/.well-known/thao-so-keys.json")
    assert pades.trouble() is None and identity.is_unborn()


def test_published_keys_stay_published_when_nothing_can_sign(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = identity.identity().fingerprint
    monkeypatch.setitem(app.config, "SIGNING_FILE", "/none.p12")
    assert old in visitor.fetch("/.well-known/thao-so-keys.json").text


@given(st.binary(min_size=1, max_size=40))
def test_multibase_is_base58(content: bytes) -> None:
    text, number = published.multibase(content), 0
    for digit in text[1:]:
        number = number * 58 + published.BASE58.index(digit)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    length = (number.bit_length() + 7) // 8
    assert b"\0" * zeros + number.to_bytes(length, "big") == content
