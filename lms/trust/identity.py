"""Who signs papers: a key with a certificate, from a PKCS#12 file, from a token, or made by this installation.

The key is opened once a process and never written anywhere else; what is told of it is its certificate.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from flask import current_app
from pydantic import SecretStr
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms import clock
from lms.trust import keys

PREFIX = "pdf"
LIFE = timedelta(days=20 * 365)
"""Of a certificate that we make ourselves: readers measure a paper without a time stamp by its signer's last day."""
SETTINGS = ("SIGNING_FILE", "SIGNING_PASSWORD", "SIGNING_MODULE", "SIGNING_TOKEN", "SIGNING_LABEL")

REASONS = ("key", "expired", "time-stamp", "signer")

Raw = Callable[[bytes], bytes]
T = TypeVar("T")


class CannotSign(Exception):
    """Papers cannot be signed now. `reason` is one of `REASONS`; nothing secret is in it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Identity:
    """Who signs. `sign` gives the bare signature of some bytes under SHA-256."""

    certificate: x509.Certificate
    sign: Raw = field(repr=False)
    signer: Signer = field(repr=False)

    @property
    def name(self) -> str:
        """The name in the certificate."""
        found = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(found[0].value) if found else self.certificate.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def not_after(self) -> datetime:
        return self.certificate.not_valid_after_utc


def identity(name: str = "") -> Identity:
    """Who signs papers now; a key that we have to make first is made in this name. Raises CannotSign."""
    file, password, module, token, label = (current_app.config[name] for name in SETTINGS)
    try:
        if module:
            return _of_token(str(module), token, label, password)
        if file:
            return _of_file(Path(file), Path(file).stat().st_mtime_ns, password)
        return _self_made(keys.folder(), keys.changed_at()) or _newly_made(name)
    except (OSError, ValueError, TypeError) as error:
        current_app.logger.error("the key that signs papers cannot be opened: %s", type(error).__name__)
        raise CannotSign("key") from None


def apart(work: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """What `work` gives in a thread of its own: pyHanko begins an event loop, and two of them cannot share a thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *arguments, **named).result()


def is_unborn() -> bool:
    """Whether our own key is still to be made, with the first paper and in its issuer's name."""
    is_given = current_app.config["SIGNING_MODULE"] or current_app.config["SIGNING_FILE"]
    return not is_given and not _with_key(keys.folder())


def certificates() -> list[x509.Certificate]:
    """The certificates that we made ourselves, latest first, and the one in use when it can be opened."""
    known = {_certificate(path) for path in keys.folder().glob(f"{PREFIX}-*.pem")}
    with suppress(CannotSign):
        known |= set() if is_unborn() else {identity().certificate}
    return sorted(known, key=lambda one: one.not_valid_before_utc, reverse=True)


def rotate(name: str = "") -> Identity:
    """Sign papers with a new key and certificate of our own making from now on; the old key is forgotten."""
    with keys.locked():
        for path in sorted(keys.folder().glob(f"{PREFIX}-*.pem")):
            keys.write(path, _pem(_certificate(path)))
    return _newly_made(name)


@lru_cache(maxsize=4)
def _self_made(folder: Path, changed: int) -> Identity | None:
    if not (found := _with_key(folder)):
        return None
    content = found[0].read_bytes()
    return _local(serialization.load_pem_private_key(content, None), x509.load_pem_x509_certificate(content))


def _newly_made(name: str) -> Identity:
    with keys.locked():
        if not _with_key(keys.folder()):
            _make(name)
    _self_made.cache_clear()
    made = _self_made(keys.folder(), keys.changed_at())
    assert made is not None
    return made


@lru_cache(maxsize=4)
def _of_file(path: Path, changed: int, password: SecretStr) -> Identity:
    secret = password.get_secret_value().encode() or None
    key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), secret)
    if key is None or certificate is None:
        raise ValueError("no key or no certificate")
    return _local(key, certificate, others)


def _of_token(module: str, token: str, label: str, pin: SecretStr) -> Identity:
    # What talks to tokens is read only where there is one.
    from lms.trust.token import signer

    return _of_signer(signer(module, token, label, pin))


@lru_cache(maxsize=4)
def _of_signer(who: Any) -> Identity:
    certificate = x509.load_der_x509_certificate(who.signing_cert.dump())
    return Identity(certificate, lambda data: apart(asyncio.run, who.async_sign_raw(data, "sha256")), who)


def _local(key: Any, certificate: x509.Certificate, others: Iterable[x509.Certificate] = ()) -> Identity:
    """Whose key lies in memory, loaded once."""
    store = SimpleCertificateStore()
    store.register_multiple(map(_plain, others))
    content = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(_plain(certificate), asn1_keys.PrivateKeyInfo.load(content), store)
    return Identity(certificate, _raw(key), signer)


def _raw(key: Any) -> Raw:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    raise ValueError("neither RSA nor ECDSA")


def _plain(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _with_key(folder: Path) -> list[Path]:
    """Files that still hold a key; one, unless somebody put back an old one."""
    found = [path for path in folder.glob(f"{PREFIX}-*.pem") if b"PRIVATE KEY" in path.read_bytes()]
    return sorted(found, key=lambda path: _certificate(path).not_valid_before_utc, reverse=True)


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _make(name: str) -> None:
    """A key on P-256 with a certificate that it signs itself: its fingerprint is published, no authority knows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    host = current_app.config["BASE_URL"].partition("://")[2]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, (name or host)[:64])])
    begin, public = clock.now() - timedelta(days=1), key.public_key()
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"),
        False,
    )  # fmt: skip
    builder = x509.CertificateBuilder(subject, subject, public, x509.random_serial_number(), begin, begin + LIFE)
    extensions = (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), True),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    short = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()[:16]
    keys.write(keys.folder() / f"{PREFIX}-{short}.pem", private + _pem(certificate))
