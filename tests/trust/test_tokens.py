"""Papers signed by a key that never leaves its token: SoftHSM, through PKCS#11."""

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask import Flask
from pydantic import SecretStr

from lms import clock
from lms.trust import pades, token
from lms.trust.identity import CannotSign, identity
from tests.trust.papers import fresh, paper
from tests.trust.test_pades import certificate, checked, pdfsig

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, OTHER, PIN = "Thạo Số", "Dự phòng", "271828"
KEYS = {"ECDSA": lambda: ec.generate_private_key(ec.SECP256R1()), "RSA": lambda: rsa.generate_private_key(65537, 2048)}

pytestmark = pytest.mark.skipif(not MODULE.is_file(), reason="softhsm2 is not installed")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A token with a key and a certificate of each kind, and one with a single key."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        # The module sees only the tokens that are there when it is loaded.
        for name in (TOKEN, OTHER):
            _tool("--init-token", "--free", "--label", name, "--pin", PIN, "--so-pin", PIN)
        for name, kind, number in ((TOKEN, "ECDSA", "01"), (TOKEN, "RSA", "02"), (OTHER, "RSA", "01")):
            _put(folder, name, kind, number)
        yield


@pytest.fixture
def settings(tokens: None, installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings of an installation that signs by the token."""
    told = {"SIGNING_MODULE": str(MODULE), "SIGNING_TOKEN": TOKEN, "SIGNING_PASSWORD": SecretStr(PIN)}
    fresh(installation, tmp_path, monkeypatch, **told)
    return installation.config


def test_a_wrong_pin_is_tried_once_since_tokens_lock_themselves(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings, "SIGNING_TOKEN", OTHER)
    monkeypatch.setitem(settings, "SIGNING_PASSWORD", SecretStr("000000"))
    asked = token._opened.cache_info().misses
    for _ in range(5):
        with pytest.raises(CannotSign, match="key"):
            pades.sign(paper())
    assert pades.trouble() == "key"
    assert token._opened.cache_info().misses == asked + 1


@pytest.mark.parametrize("wrong", [{"SIGNING_TOKEN": "other"}, {"SIGNING_LABEL": "none"}])
def test_a_wrong_token_or_label_is_told_as_a_key_that_cannot_be_used(
    settings: dict[str, Any], wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in wrong.items():
        monkeypatch.setitem(settings, name, value)
    with pytest.raises(CannotSign, match="key"):
        pades.sign(paper())
    assert pades.trouble() == "key"


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("way", ["quickly", "plainly"])
def test_a_token_signs_as_others_expect_it(
    settings: dict[str, Any], kind: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings, "SIGNING_LABEL", kind)
    who = identity()
    assert who.name == f"Sở {kind}"
    signed = pades.quickly(paper(), who, clock.now()) if way == "quickly" else pades.plainly(paper(), who)
    status = checked(signed)
    assert (status.intact, status.valid, status.coverage.name) == (True, True, "ENTIRE_FILE")
    assert shutil.which("pdfsig") is None or "Signature is Valid" in pdfsig(signed, tmp_path)


def test_the_only_key_needs_no_name(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(CannotSign, match="key"):
        pades.sign(paper())
    monkeypatch.setitem(settings, "SIGNING_TOKEN", OTHER)
    assert identity().name == "Sở RSA" and identity() is identity()
    assert checked(pades.sign(paper())).valid


def test_a_session_that_broke_is_opened_again(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings, "SIGNING_LABEL", "RSA")
    pades.sign(paper())
    identity().signer.pkcs11_session.close()  # type: ignore[attr-defined]
    with pytest.raises(CannotSign, match="key"):
        pades.sign(paper())
    assert checked(pades.sign(paper())).valid


def test_threads_share_a_token(settings: dict[str, Any], installation: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings, "SIGNING_LABEL", "ECDSA")

    def sign(words: str) -> bytes:
        with installation.app_context():
            return pades.sign(paper(words))

    with ThreadPoolExecutor(4) as pool:
        assert all(checked(signed).valid for signed in pool.map(sign, map(str, range(20))))


def _put(folder: Path, token: str, label: str, number: str) -> None:
    """A key and its certificate onto a token."""
    key = KEYS[label]()
    made = certificate(name := f"Sở {label}", key.public_key(), name, key, ca=False)
    file = folder / f"{label}.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(*form))
    _tool("--import", str(file), "--token", token, "--label", label, "--id", number, "--pin", PIN)
    with pkcs11.lib(str(MODULE)).get_token(token_label=token).open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.ID: bytes.fromhex(number),
                pkcs11.Attribute.SUBJECT: b"",
                pkcs11.Attribute.VALUE: made.public_bytes(serialization.Encoding.DER),
            }
        )


def _tool(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
