"""The same award as a verifiable credential: Open Badges 3.0, signed so that programs can check it.

As JSON it carries a Data Integrity proof of the suite eddsa-jcs-2022 (W3C), as a token it is a JWS with EdDSA (Open Badges 3.0,
8.2). It says what the verify page says, and no more.
"""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import current_app

from lms import clock
from lms.trust import keys, published

PURPOSE = "badge"
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Award:
    """What is awarded to whom. `about` names the achievement here; `kind` and `deed` are the paper's own words, such as its title
    and what was done."""

    code: str
    number: str
    name: str
    about: str
    course: str
    kind: str
    deed: str
    issuer: str
    issued_on: date
    expires_on: date | None = None


def credential(award: Award) -> Document:
    """The award with a proof."""
    document, key = _unsigned(award), keys.signing_key(PURPOSE)
    proof = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": _instant(award.issued_on),
        "verificationMethod": published.method_of(key.kid),
        "proofPurpose": "assertionMethod",
    }
    digests = sha256(canonical(proof)).digest() + sha256(canonical(document)).digest()
    return {**document, "proof": {**proof, "proofValue": published.multibase(key.sign(digests))}}


def token(award: Award) -> str:
    """The award as a signed token."""
    document, key = _unsigned(award), keys.signing_key(PURPOSE)
    claims = {"iss": published.did(), "jti": document["id"], "nbf": int(clock.at(award.issued_on).timestamp())}
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": published.method_of(key.kid)}
    signed = ".".join(keys.encoded(canonical(part)) for part in (header, {**document, **claims}))
    return f"{signed}.{keys.encoded(key.sign(signed.encode()))}"


def status(code: str, *, is_revoked: bool) -> Document:
    """The list of revoked credentials at a credential's own address: it, or none. Nobody reads a register out of it."""
    revoked = [{"id": f"{_home()}/verify/{code}.json", "revoked": True}] if is_revoked else []
    return {"id": f"{_home()}/verify/{code}/status.json", "issuer": published.did(), "revokedCredential": revoked}


def canonical(document: Document) -> bytes:
    """JSON in its one canonical form (RFC 8785), of documents without fractions and with names in ASCII."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _unsigned(award: Award) -> Document:
    achievement = {
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{_home()}/{award.about}')}",
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": award.course,
        "description": f"{award.kind}: {award.course}",
        "criteria": {"narrative": award.deed},
    }
    holder = {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": award.name}
    until = {"validUntil": _instant(award.expires_on)} if award.expires_on else {}
    return {
        "@context": CONTEXTS,
        "id": f"{_home()}/verify/{award.code}.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.course,
        "issuer": published.profile(award.issuer),
        "validFrom": _instant(award.issued_on),
        **until,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [holder],
            "licenseNumber": award.number,
            "achievement": achievement,
        },
        "credentialStatus": {"id": f"{_home()}/verify/{award.code}/status.json", "type": "1EdTechRevocationList"},
    }


def _instant(day: date) -> str:
    return f"{clock.at(day):%Y-%m-%dT%H:%M:%SZ}"


def _home() -> str:
    return str(current_app.config["BASE_URL"])
