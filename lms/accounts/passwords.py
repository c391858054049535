"""Passwords and first-sign-in codes: hashing, checking, and what is too easy to guess."""

import hmac
import secrets
import threading
from hashlib import sha256
from os import cpu_count

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from lms import text

MINIMUM_LENGTH, MAXIMUM_LENGTH = 8, 128
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
COMMON_PASSWORDS = """
    12345678 123456789 1234567890 87654321 11111111 00000000 88888888 abcd1234 abc12345 a1234567 password
    password1 passw0rd qwertyui qwerty123 1q2w3e4r iloveyou matkhau matkhau1 matkhau123 anhyeuem emyeuanh
    yeuanhnhieu vietnam1 vietnam123 danang123 hanoi123 chuyendoiso thaoso123 admin123 adminadmin 12341234
    123123123 147258369 987654321
"""
COMMON = frozenset(COMMON_PASSWORDS.split())

# m = 19 MiB, t = 2, p = 1 (OWASP): 22 ms instead of 165 ms, which is what 5,000 people at 8:00 need.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_cores = threading.BoundedSemaphore(max((cpu_count() or 2) - 1, 1))
_DUMMY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with _cores:
        return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether a password fits its hash. Takes as long when there is no hash, so that unknown names cannot be told."""
    with _cores:
        try:
            _hasher.verify(stored or _DUMMY, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def weakness(password: str, *known: str) -> str | None:
    """The message key that says why a password is too easy, or None. `known` are words that others know of a person."""
    if len(password) < MINIMUM_LENGTH:
        return "password.too-short"
    if len(password) > MAXIMUM_LENGTH:
        return "password.too-long"
    plain = text.fold(password).replace(" ", "")
    words = {text.fold(word).replace(" ", "") for word in known if word}
    if plain in COMMON or plain in words or len(set(plain)) < 3:
        return "password.too-common"
    return None


def new_code() -> str:
    """A first-sign-in code, easy to read from paper: no 0/O, 1/I/L."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def shown(code: str) -> str:
    """`ABCD-EFGH`, as it is printed."""
    return f"{code[:4]}-{code[4:]}"


def hash_code(code: str) -> str:
    """A keyed hash: codes are random, short-lived and throttled, and thousands are made at once."""
    plain = "".join(letter for letter in code.upper() if letter in CODE_LETTERS)
    return hmac.new(current_app.secret_key.encode(), plain.encode(), sha256).hexdigest()  # type: ignore[union-attr]
