"""Security headers stand on every kind of answer, and nothing personal is kept by a browser."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lms import create_app
from lms.config import Settings
from tests.catalogue.packages import LESSON, publish
from tests.page import Visitor
from tests.people import Cast

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_GOOD = "public, max-age=31536000, immutable"
PERSONAL = (
    "/",
    "/my/account",
    "/my/goal",
    "/my/certificates",
    "/people",
    "/no-such-page",
    "/audit",
    "/courses/khoa-thu",
)
OPEN = (
    "/sign-in",
    "/verify",
    "/verify/AAAAAAAAAA",
    "/health",
    "/my/goal",
    "/static/no-such-file",
    "/units/0",
    "/media/a/1/b",
)


def assert_safe(answer: TestResponse) -> None:
    for name, value in ALWAYS.items():
        assert answer.headers.get(name) == value, (answer.request.path, name)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    scripts = [part for part in policy.split("; ") if part.startswith("script-src")]
    assert not [part for part in scripts if "unsafe" in part or "*" in part or "http" in part]
    assert answer.headers["X-Request-Id"]


def test_every_kind_of_answer_carries_the_headers(cast: Cast, visitor: Visitor) -> None:
    publish(**{"01-bai-mot.md": f"{LESSON}\n![x](media/a.svg)\n", "media/a.svg": b"<svg/>"})
    for address in OPEN:
        assert_safe(visitor.fetch(address))
    visitor.sign_in("binh")
    for address in PERSONAL:
        answer = visitor.fetch(address)
        assert_safe(answer)
        assert answer.headers["Cache-Control"] == "no-store", address
    for method, address in (
        ("POST", "/sign-in"),
        ("PUT", "/sign-in"),
        ("POST", "/display"),
        ("DELETE", "/"),
        ("HEAD", "/"),
    ):
        assert_safe(visitor.client.open(address, method=method))
    media = visitor.fetch("/media/khoa-thu/1/a.svg")
    assert_safe(media)
    assert "sandbox" in media.headers["Content-Security-Policy"]


def test_a_page_allows_its_own_scripts_only(cast: Cast, visitor: Visitor) -> None:
    first, second = visitor.visit("/sign-in"), visitor.visit("/sign-in")
    policies = [page.response.headers["Content-Security-Policy"] for page in (first, second)]
    nonces = [{script.get("nonce") for script in page.tree.iter("script")} for page in (first, second)]
    for policy, nonce in zip(policies, nonces, strict=True):
        assert len(nonce) == 1
        assert f"script-src 'self' 'nonce-{nonce.pop()}'" in policy
        for part in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "style-src 'self';"):
            assert part in policy
        assert "unsafe" not in policy
    assert policies[0] != policies[1]


def test_what_is_named_by_its_content_is_kept_for_good_and_nothing_else(visitor: Visitor) -> None:
    page = visitor.visit("/sign-in")
    sheet = page.tree.find(".//link[@rel='stylesheet']")
    script = page.tree.find(".//script")
    assert sheet is not None
    assert script is not None
    for address in (sheet.get("href", ""), script.get("src", "")):
        answer = visitor.fetch(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOR_GOOD)
        assert_safe(answer)
    assert visitor.fetch(script.get("src", "").partition("?")[0]).headers["Cache-Control"] == "no-store"
    assert visitor.fetch("/assets/style-000000000000.css").status_code == 404


def test_public_texts_travel_packed_and_pages_do_not(visitor: Visitor) -> None:
    page = visitor.visit("/sign-in")
    sheet, taken = page.tree.find(".//link[@rel='stylesheet']"), {"Accept-Encoding": "gzip"}
    assert sheet is not None
    plain, packed = (visitor.client.get(sheet.get("href", ""), headers=each) for each in ({}, taken))
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in visitor.client.get("/sign-in", headers=taken).headers


def test_behind_tls_the_cookie_is_bound_to_the_host_and_tls_is_remembered(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, behind_tls=True, instance_path=tmp_path, secret_key="test")
    client = create_app(settings, TESTING=True).test_client()
    answer = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"}, base_url="https://thaoso.vn")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-thaoso=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    ("host", "status"), [("thaoso.vn", 200), ("evil.example", 400), ("thaoso.vn.evil.example", 400)]
)
def test_a_request_for_another_host_is_refused(
    app: Flask, monkeypatch: pytest.MonkeyPatch, host: str, status: int
) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["thaoso.vn"])
    assert app.test_client().get("/sign-in", base_url=f"http://{host}").status_code == status
