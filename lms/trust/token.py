"""A key that never leaves its token or HSM: asked through the vendor's PKCS#11 library, one signature at a time.

The session is opened once a process; what goes wrong in it closes it, and the next paper opens another.
"""

from functools import lru_cache
from threading import Lock
from typing import Any

from pkcs11 import Attribute, ObjectClass, Session
from pkcs11.exceptions import MechanismInvalid, PinIncorrect, PKCS11Error, UserAlreadyLoggedIn
from pydantic import SecretStr
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from lms.trust.identity import CannotSign, apart

_one = Lock()
"""Held by who speaks to a token: a session does one thing at a time, and not every library bears threads."""


class TokenSigner(PKCS11Signer):
    """Signs in a session that threads share. Raises CannotSign."""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        with _one:
            try:
                return await self._raw(data, digest_algorithm, dry_run)
            except PKCS11Error:
                _opened.cache_clear()
                raise CannotSign("key") from None

    async def _raw(self, data: bytes, digest_algorithm: str, dry_run: bool) -> bytes:
        try:
            return bytes(await super().async_sign_raw(data, digest_algorithm, dry_run))
        except MechanismInvalid:
            if self.use_raw_mechanism:
                raise
        # Some tokens sign digests only.
        self.use_raw_mechanism = True
        return bytes(await super().async_sign_raw(data, digest_algorithm, dry_run))


def signer(module: str, token: str, label: str, pin: SecretStr) -> TokenSigner:
    """The key and certificate with a label, or the only ones, on the token with a label, or the only one. Raises ValueError."""
    with _one:
        found = _opened(module, token, label, pin)
    if found:
        return found
    raise ValueError("the PIN is wrong")


@lru_cache(maxsize=4)
def _opened(module: str, token: str, label: str, pin: SecretStr) -> TokenSigner | None:
    """None when the PIN is wrong, and never asked again: a token locks itself after a few tries."""
    try:
        session = _session(module, token, pin.get_secret_value() or None)
        key: dict[str, Any] = {"cert_label": label} if label else {"cert_id": _only_key(session)}
        found = TokenSigner(session, other_certs_to_pull=None, **key)
        apart(lambda: found.signing_cert)
    except PinIncorrect:
        return None
    except (PKCS11Error, PdfError) as error:
        raise ValueError(type(error).__name__) from None
    return found


def _session(module: str, token: str, pin: str | None) -> Session:
    wanted = TokenCriteria(label=token) if token else None
    try:
        return open_pkcs11_session(module, token_criteria=wanted, user_pin=pin)
    except UserAlreadyLoggedIn:
        # By a session of before: a process logs in once.
        return open_pkcs11_session(module, token_criteria=wanted)


def _only_key(session: Session) -> bytes:
    """The number of the only private key."""
    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
    if len(keys) != 1:
        raise ValueError(f"{len(keys)} keys on the token, and none is named")
    return bytes(keys[0][Attribute.ID])
