"""Our public keys and certificates as others read them: a key set (RFC 7517) and a did:web document."""

from base64 import b64encode
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app

from lms.trust import identity, keys
from lms.trust.keys import PublicKey

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"
"""The prefix of an Ed25519 public key in a Multikey."""


def key_set() -> dict[str, Any]:
    """All keys ever published, each with the days on which it signed, and the certificates that sign papers."""
    signing = [_entry(purpose, key) for purpose in keys.PURPOSES for key in keys.public_keys(purpose)]
    return {"issuer": did(), "keys": [*signing, *map(_certificate, identity.certificates())]}


def did_document() -> dict[str, Any]:
    """Who signs badges, for whoever resolves `did:web`."""
    trusted = [key for key in keys.public_keys("badge") if key.distrusted_at is None]
    methods = [
        {"id": method_of(key.kid), "type": "Multikey", "controller": did(), "publicKeyMultibase": multikey(key.public)}
        for key in trusted
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did(),
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def profile(name: str) -> dict[str, Any]:
    """Who issues, as badges say it."""
    home = current_app.config["BASE_URL"]
    return {"id": did(), "type": ["Profile"], "name": name, "url": home}


def did() -> str:
    """The name of this installation among decentralised identifiers."""
    return f"did:web:{quote(urlsplit(current_app.config['BASE_URL']).netloc, safe='')}"


def method_of(kid: str) -> str:
    """The name of a key of ours in a proof."""
    return f"{did()}#{kid}"


def multikey(public: bytes) -> str:
    """An Ed25519 public key as a Multikey has it."""
    return multibase(ED25519_PUBLIC + public)


def multibase(content: bytes) -> str:
    """Base58 with the letter `z` in front."""
    number, digits = int.from_bytes(content, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "z" + "1" * (len(content) - len(content.lstrip(b"\0"))) + digits


def _entry(purpose: str, key: PublicKey) -> dict[str, Any]:
    told: dict[str, Any] = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig"}
    told |= {"x": keys.encoded(key.public), "kid": key.kid, "purpose": purpose}
    told |= _days(key.not_before, key.not_after)
    if key.distrusted_at:
        told["revoked"] = {"revoked_at": _seconds(key.distrusted_at), "reason": "compromised"}
    return told


def _certificate(certificate: x509.Certificate) -> dict[str, Any]:
    fingerprint = certificate.fingerprint(SHA256())
    is_curve = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    return {
        "kty": "EC" if is_curve else "RSA",
        "use": "sig",
        "kid": fingerprint.hex(),
        "purpose": "pdf",
        "x5t#S256": keys.encoded(fingerprint),
        "x5c": [b64encode(certificate.public_bytes(Encoding.DER)).decode()],
        **_days(certificate.not_valid_before_utc, certificate.not_valid_after_utc),
    }


def _days(first: datetime, last: datetime | None) -> dict[str, int]:
    return {"nbf": _seconds(first), **({"exp": _seconds(last)} if last else {})}


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
