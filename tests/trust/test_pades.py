"""Signed papers, checked by tools that are not ours: pyHanko's validator and poppler's pdfsig."""

import re
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from flask import Flask
from pydantic import SecretStr
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from lms import clock
from lms.trust import increment, pades
from lms.trust.identity import CannotSign, apart, identity
from tests.trust.papers import fresh, paper

SECRET = "mat khau"


@pytest.fixture(autouse=True)
def own_keys(installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(installation, tmp_path, monkeypatch)


@pytest.fixture(params=["quickly", "plainly"])
def signed(request: pytest.FixtureRequest) -> bytes:
    """A paper, signed in the quick way and in the plain one."""
    who = identity()
    return pades.quickly(paper(), who, clock.now()) if request.param == "quickly" else pades.plainly(paper(), who)


def checked(pdf: bytes) -> PdfSignatureStatus:
    """What pyHanko's validator says."""
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return apart(validate_pdf_signature, signature, ValidationContext(trust_roots=[signature.signer_cert]))


def pdfsig(pdf: bytes, folder: Path) -> str:
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig (poppler-utils) is not installed")
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdfsig", "-nocert", str(folder / "paper.pdf")]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout


def test_both_ways_are_whole_and_valid(signed: bytes) -> None:
    status = checked(signed)
    assert (status.intact, status.valid, status.trusted, status.coverage.name) == (True, True, True, "ENTIRE_FILE")
    assert status.modification_level is None or status.modification_level.name == "NONE"
    assert status.md_algorithm == "sha256"


def test_another_tool_says_the_same(signed: bytes, tmp_path: Path) -> None:
    said = pdfsig(signed, tmp_path)
    assert "Signature is Valid" in said and "Total document signed" in said and "ETSI.CAdES.detached" in said
    place = signed.index(b"(Giay) Tj") + 1 if b"(Giay) Tj" in signed else 200
    changed = signed[:place] + b"X" + signed[place + 1 :]
    assert "Signature is Valid" not in pdfsig(changed, tmp_path)


def test_one_changed_byte_is_found_wherever_it_is(signed: bytes) -> None:
    first, second, third = map(int, re.search(rb"/ByteRange \[0 (\d+) +(\d+) +(\d+)", signed).groups())
    assert second + third == len(signed)
    place = signed.index(b"stream\n") + 9
    status = checked(signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :])
    assert not status.intact or not status.valid
    assert first < second


def test_the_paper_itself_stays_as_it_was(signed: bytes) -> None:
    assert signed.startswith(paper()[:-6])
    assert PdfReader(BytesIO(signed)).pages[0].extract_text() == PdfReader(BytesIO(paper())).pages[0].extract_text()


def test_both_ways_write_the_same_round_digest_and_signature() -> None:
    who = identity()
    one, other = (_cms(pdf) for pdf in (pades.quickly(paper(), who, clock.now()), pades.plainly(paper(), who)))
    signers = [info["content"]["signer_infos"][0] for info in (one, other)]
    assert _shape(signers[0]) == _shape(signers[1])
    assert one["content"]["certificates"].dump() == other["content"]["certificates"].dump()
    assert {attribute["type"].native for attribute in signers[0]["signed_attrs"]} >= {"signing_certificate_v2"}
    assert "signing_time" not in {attribute["type"].native for attribute in signers[0]["signed_attrs"]}, (
        "PAdES forbids it"
    )


def test_files_laid_out_otherwise_are_signed_in_the_plain_way() -> None:
    compressed = paper(plain=False)
    with pytest.raises(increment.NotPlain):
        increment.place(compressed, room=10, at=clock.now())
    assert checked(pades.sign(compressed)).intact


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.4", b"x" * 500, b"%PDF-1.4\nstartxref\n9\n%%EOF"])
def test_what_is_no_pdf_is_not_signed(junk: bytes) -> None:
    with pytest.raises(CannotSign, match="signer"):
        pades.sign(junk)


def test_templates_that_differ_are_told_apart() -> None:
    who = identity()
    for words in ("Mot", "Hai", "Mot"):
        assert checked(pades.quickly(paper(words), who, clock.now())).intact


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_key_from_an_authority_signs(
    installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    file = authority(tmp_path, kind)
    fresh(installation, tmp_path, monkeypatch, SIGNING_FILE=str(file), SIGNING_PASSWORD=SecretStr(SECRET))
    signed, seal = pades.sealed(paper())
    assert checked(signed).intact and checked(signed).valid
    assert (seal.by, seal.level) == ("Ông Ký", "B-B")
    assert "Signature is Valid" in pdfsig(signed, tmp_path)
    assert pades.trouble() is None


def test_what_stops_signing_is_told_without_secrets(
    installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = authority(tmp_path, "ec")
    for settings, reason in (
        ({"SIGNING_FILE": str(file), "SIGNING_PASSWORD": SecretStr("wrong word")}, "key"),
        ({"SIGNING_FILE": str(tmp_path / "none.p12")}, "key"),
        ({"SIGNING_FILE": "", "SIGNING_MODULE": str(tmp_path / "none.so")}, "key"),
        ({"SIGNING_MODULE": "", "TIMESTAMP_URL": "http://127.0.0.1:9/"}, "time-stamp"),
    ):
        fresh(installation, tmp_path, monkeypatch, **settings)
        with pytest.raises(CannotSign, match=reason):
            pades.sign(paper())
        assert pades.trouble() == reason
    assert "wrong word" not in caplog.text


def test_an_old_certificate_signs_nothing_and_is_told_beforehand(installation: Flask, tmp_path: Path) -> None:
    last = identity().not_after
    with clock.stopped(last - timedelta(days=20)):
        assert pades.trouble() == "soon"
    with clock.stopped(last + timedelta(days=1)), pytest.raises(CannotSign, match="expired"):
        pades.sign(paper())


def authority(folder: Path, kind: str) -> Path:
    """A PKCS#12 file with a key, its certificate and the authority's."""
    root_key, key = (
        ec.generate_private_key(ec.SECP256R1()),
        (rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP384R1())),
    )
    root = certificate("Gốc", root_key.public_key(), "Gốc", root_key, ca=True)
    own = certificate("Ông Ký", key.public_key(), "Gốc", root_key, ca=False)
    content = pkcs12.serialize_key_and_certificates(b"key", key, own, [root], BestAvailableEncryption(SECRET.encode()))
    file = folder / f"{kind}.p12"
    file.write_bytes(content)
    return file


def certificate(name: str, public: object, by: str, key: Any, *, ca: bool) -> x509.Certificate:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, by)]
    begin = clock.now() - timedelta(days=1)
    builder = x509.CertificateBuilder(
        names[1], names[0], public, x509.random_serial_number(), begin, begin + timedelta(400)
    )
    return builder.add_extension(x509.BasicConstraints(ca, None), critical=True).sign(key, hashes.SHA256())


def _cms(pdf: bytes) -> cms.ContentInfo:
    [signature] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return cms.ContentInfo.load(bytes(signature.pkcs7_content))


def _shape(signer: cms.SignerInfo) -> list[object]:
    """All of a signer's part but the digest and the signature."""
    attributes = [
        (attribute["type"].native, None if attribute["type"].native == "message_digest" else attribute["values"].dump())
        for attribute in signer["signed_attrs"]
    ]
    names = ("version", "sid", "digest_algorithm", "signature_algorithm")
    return [attributes, *(signer[name].dump() for name in names)]
