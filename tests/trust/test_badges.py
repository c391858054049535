"""Badges: signed so that libraries that are not ours find them right, and saying no more than the paper."""

import json
from datetime import date
from hashlib import sha256

import jwt
import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from jwt.algorithms import OKPAlgorithm

from lms.trust import badges, keys, published
from lms.trust.badges import Award
from tests.page import Visitor

AWARD = Award(
    code="K7QM4WXP92", number="12/2026/GCN-KHCN", name="Nguyễn Thị Thuỳ Dương", about="courses/7", course="Kỹ năng số",
    kind="GIẤY CHỨNG NHẬN HOÀN THÀNH", deed="đã hoàn thành khóa học", issuer="SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    issued_on=date(2026, 9, 5),
)  # fmt: skip


def found_right(document: dict[str, object], key: Ed25519PublicKey) -> bool:
    """Whether a document's proof is right, by the steps of the suite eddsa-jcs-2022 with a canonicaliser that is not ours."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proof = dict(document["proof"])
    signature = unbased(proof.pop("proofValue"))
    try:
        key.verify(signature, sha256(rfc8785.dumps(proof)).digest() + sha256(rfc8785.dumps(unsigned)).digest())
    except InvalidSignature:
        return False
    return True


def unbased(text: str) -> bytes:
    number, digits = 0, text.removeprefix("z")
    for digit in digits:
        number = number * 58 + published.BASE58.index(digit)
    noughts = len(digits) - len(digits.lstrip("1"))
    return bytes(noughts) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def key_of(visitor: Visitor, method: str) -> Ed25519PublicKey:
    """The key that a proof names, as whoever resolves did:web finds it."""
    document = visitor.fetch("/.well-known/did.json").json
    [found] = [
        one for one in document["verificationMethod"] if one["id"] == method and method in document["assertionMethod"]
    ]
    content = unbased(found["publicKeyMultibase"])
    assert content[:2] == b"\xed\x01"
    return Ed25519PublicKey.from_public_bytes(content[2:])


def test_a_badge_is_right_for_whoever_follows_the_standard(app: Flask, visitor: Visitor) -> None:
    document = json.loads(json.dumps(badges.credential(AWARD)))
    key = key_of(visitor, document["proof"]["verificationMethod"])
    assert found_right(document, key)
    assert not found_right({**document, "name": "Một khóa khác"}, key)
    assert not found_right({**document, "proof": {**document["proof"], "created": "2020-01-01T00:00:00Z"}}, key)
    assert document["issuer"]["id"] == published.did() == visitor.fetch("/.well-known/did.json").json["id"]


def test_a_token_is_right_for_a_library_of_tokens(app: Flask, visitor: Visitor) -> None:
    token = badges.token(AWARD)
    kid = jwt.get_unverified_header(token)["kid"].partition("#")[2]
    [entry] = [one for one in visitor.fetch("/.well-known/thao-so-keys.json").json["keys"] if one["kid"] == kid]
    key = OKPAlgorithm.from_jwk(entry)
    claims = jwt.decode(token, key, algorithms=["EdDSA"], options={"verify_sub": False})
    assert claims["credentialSubject"]["identifier"][0]["identityHash"] == AWARD.name
    assert (claims["iss"], claims["jti"]) == (published.did(), badges.credential(AWARD)["id"])
    head, body, signature = token.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{head}.{body[:-4]}AAAA.{signature}", key, algorithms=["EdDSA"], options={"verify_sub": False})


def test_badges_of_before_a_rotation_stay_right(app: Flask, visitor: Visitor) -> None:
    document = badges.credential(AWARD)
    keys.rotate("badge")
    assert found_right(document, key_of(visitor, document["proof"]["verificationMethod"]))
    assert badges.credential(AWARD)["proof"]["verificationMethod"] != document["proof"]["verificationMethod"]


def test_a_badge_says_what_the_paper_says_and_no_more(app: Flask) -> None:
    document = badges.credential(AWARD)
    subject = document["credentialSubject"]
    assert subject["identifier"] == [
        {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": AWARD.name}
    ]
    assert (subject["licenseNumber"], subject["achievement"]["name"]) == (AWARD.number, AWARD.course)
    assert document["validFrom"] == "2026-09-04T17:00:00Z", "the day begins in Viet Nam"
    assert set(subject) == {"type", "identifier", "licenseNumber", "achievement"}


def test_equal_awards_give_equal_badges(app: Flask) -> None:
    assert badges.credential(AWARD) == badges.credential(AWARD) and badges.token(AWARD) == badges.token(AWARD)
    assert badges.canonical(badges.credential(AWARD)) == rfc8785.dumps(badges.credential(AWARD))
