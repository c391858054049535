"""Time stamps and revocation data, from servers of the test's own: signatures that outlive the signer's certificate."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from flask import Flask
from pydantic import SecretStr
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms import clock
from lms.trust import pades
from lms.trust.identity import apart
from tests.trust.papers import fresh, paper

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Authority(NamedTuple):
    """Servers for time stamps and revocation lists, and a signer's PKCS#12 file."""

    url: str
    file: Path
    root: x509.Certificate


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    url = f"http://127.0.0.1:{server.server_port}"
    keys = [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)]
    keys.append(ec.generate_private_key(ec.SECP256R1()))
    root = certificate("Gốc", keys[0], keys[0], url)
    stamp = certificate("Dấu thời gian", keys[1], keys[0], url, is_stamp=True)
    signer = certificate("Ông Ký", keys[2], keys[0], url)
    server.RequestHandlerClass = handler(stamp, keys[1], root, crl(keys[0]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    file = tmp_path_factory.mktemp("authority") / "signer.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"key", keys[2], signer, [root], NoEncryption()))
    yield Authority(url, file, root)
    server.shutdown()
    server.server_close()


def test_a_time_stamp_is_in_the_signature(
    installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    fresh(installation, tmp_path, monkeypatch, SIGNING_FILE=str(authority.file), TIMESTAMP_URL=f"{authority.url}/stamp")
    signed, seal = pades.sealed(paper())
    [signature] = PdfFileReader(BytesIO(signed)).embedded_signatures
    status = apart(validate_pdf_signature, signature, ValidationContext(trust_roots=[plain(authority.root)]))
    assert (seal.level, status.intact, status.valid) == ("B-T", True, True)
    assert status.timestamp_validity is not None and status.timestamp_validity.valid
    assert pades.trouble() is None


def test_revocation_data_is_in_the_file(
    installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    settings = {"SIGNING_FILE": str(authority.file), "SIGNING_PASSWORD": SecretStr(""), "SIGNING_LONG_TERM": True}
    fresh(installation, tmp_path, monkeypatch, **settings, TIMESTAMP_URL=f"{authority.url}/stamp")
    signed, seal = pades.sealed(paper())
    reader = PdfFileReader(BytesIO(signed))
    assert seal.level == "B-LT"
    assert DocumentSecurityStore.read_dss(reader).crls
    [signature] = reader.embedded_signatures
    status = apart(validate_pdf_signature, signature, ValidationContext(trust_roots=[plain(authority.root)]))
    assert status.intact and status.valid


def handler(
    stamp: x509.Certificate, key: Private, root: x509.Certificate, revoked: bytes
) -> type[BaseHTTPRequestHandler]:
    """Answers of both servers."""
    content = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register(plain(root))
    stamper = DummyTimeStamper(plain(stamp), asn1_keys.PrivateKeyInfo.load(content), store)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply("application/pkix-crl", revoked)

        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self.reply("application/timestamp-reply", stamper.request_tsa_response(asked).dump())

        def reply(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def certificate(
    name: str, key: Private, by: ec.EllipticCurvePrivateKey, url: str, *, is_stamp: bool = False
) -> x509.Certificate:
    is_root, public = key is by, key.public_key()
    begin = clock.now() - timedelta(days=1)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("Gốc", name)]
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{url}/list.crl")], None, None, None)
    builder = (
        x509.CertificateBuilder(names[0], names[1], public, x509.random_serial_number(), begin, begin + timedelta(400))
        .add_extension(x509.BasicConstraints(is_root, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=not is_root, key_cert_sign=is_root, crl_sign=is_root, **usage
            ),
            critical=True,
        )
    )
    if not is_root:
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    if is_stamp:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(by, hashes.SHA256())


def crl(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A list on which nobody is."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gốc")])
    now = clock.now()
    builder = x509.CertificateRevocationListBuilder(name, now - timedelta(hours=1), now + timedelta(days=7))
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
    )
    return (
        builder.add_extension(x509.CRLNumber(1), critical=False).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    )


def plain(one: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(one.public_bytes(Encoding.DER))
