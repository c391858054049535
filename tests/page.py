"""A browser for tests: it follows forms as a person would, and lints every page that it sees."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from typing import Any, Self, TypeVar
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, fromstring

import markupever
import turbohtml
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms import clock
from lms.accounts import queries as accounts
from lms.accounts.actions import open_session
from lms.db import db
from tests.people import PASSWORD

LABELLED = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button"}
KEY = re.compile(r"\b(?:accounts|nav|error|form|quiz|trace|status|role|employment|level|category|import|audit|column|access)"
                 r"\.(?!toml\b|csv\b)[a-z-]{3,}\b(?!\.(?:csv|toml|org|vn|com|py|html))")  # fmt: skip
T = TypeVar("T")
FORMS_OF_ERRORS = {200, 400, 403, 404, 405, 409, 410, 413, 422, 429, 503}


class Page:
    """One answer, parsed. `status` is its code, `text` what a person reads in <main>."""

    def __init__(self, visitor: "Visitor", response: TestResponse) -> None:
        self.visitor, self.response = visitor, response
        self.status, self.url, self.html = response.status_code, response.request.path, response.get_data(as_text=True)
        self.tree, self.mistakes = _parsed(self.html)

    @property
    def main(self) -> Element:
        found = self.tree.find(".//main")
        assert found is not None, f"{self.url} has no <main>"
        return found

    @property
    def text(self) -> str:
        return words(self.main)

    @property
    def title(self) -> str:
        return words(self.tree.find(".//title"))

    def links(self) -> dict[str, str]:
        """Address by text of all links in <main>."""
        return {words(link): link.get("href", "") for link in self.main.iter("a")}

    def forms(self) -> list[Element]:
        return list(self.main.iter("form"))

    def click(self, text: str) -> "Page":
        """Follow the link whose text contains `text`."""
        for words_, href in self.links().items():
            if text in words_:
                return self.visitor.visit(urljoin(self.url, href))
        raise AssertionError(f"{self.url} has no link «{text}»; it has {list(self.links())}")

    def submit(self, button: str, **values: Any) -> "Page":
        """Press a button of a form, having filled in `values`; other fields keep what they hold."""
        for form in self.forms():
            for pressed in form.iter("button"):
                if button in words(pressed):
                    return self._send(form, pressed, values)
        raise AssertionError(f"{self.url} has no button «{button}»")

    def _send(self, form: Element, pressed: Element, values: Mapping[str, Any]) -> "Page":
        data: dict[str, Any] = dict(held_by(form)) | dict(values)
        if pressed.get("name"):
            data[str(pressed.get("name"))] = pressed.get("value", "")
        target = urljoin(self.url, pressed.get("formaction") or form.get("action") or self.url)
        if form.get("method", "get").lower() == "post":
            return self.visitor.post(target, data)
        return self.visitor.visit(target, query=data)

    def lint(self) -> Self:
        """What every page must be: valid HTML, a language, one h1, labels, unique ids, tokens in forms, no bare keys."""
        assert not self.mistakes, f"{self.url}: HTML mistakes {self.mistakes[:5]}"
        root = self.tree
        assert root.get("lang") in ("vi", "en"), f"{self.url}: no language"
        heads = [words(h) for h in root.iter("h1")]
        assert len(heads) == 1, f"{self.url}: {len(heads)} h1"
        assert self.title.startswith(heads[0]), f"{self.url}: title «{self.title}» does not start with «{heads[0]}»"
        doubles = [i for i, n in Counter(e.get("id") for e in root.iter() if e.get("id")).items() if n > 1]
        assert not doubles, f"{self.url}: double ids {doubles}"
        _lint_labels(self.url, root)
        for form in root.iter("form"):
            if form.get("method", "").lower() == "post":
                assert "csrf_token" in held_by(form), f"{self.url}: a POST form without a token"
        for image in root.iter("img"):
            assert image.get("alt") is not None, f"{self.url}: picture without words"
        body = words(root.find(".//body"))
        assert not KEY.search(body), f"{self.url}: a bare message key «{KEY.search(body)[0]}»"  # type: ignore[index]
        assert "style" not in {a for e in root.iter() for a in e.attrib}, f"{self.url}: an inline style"
        return self


def _parsed(html: str) -> tuple[Element, list[str]]:
    """A document as browsers understand it, and its mistakes. The parsers are compiled: tests see thousands of pages."""
    checked = markupever.Parser(markupever.HtmlOptions(exact_errors=True))
    checked.process(html)
    checked.finish()
    page = turbohtml.parse(html).root
    assert page is not None
    tree = fromstring(f"<html>{page.inner_xml}</html>")
    tree.attrib.update(page.attrs)
    return tree, list(checked.errors())


class Outside(FlaskClient):
    """A client whose requests come from outside: they share neither the test's transaction nor its application context."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return outside(super().open, *args, **options)


def outside(act: Callable[..., T], *given: Any, **options: Any) -> T:
    """What an act gives that knows nothing of the test around it."""
    if _cv_app.get(None):
        db.session.rollback()
    context = copy_context()
    context.run(_cv_app.set, None)  # type: ignore[arg-type]
    return context.run(act, *given, **options)


class Visitor:
    """A person with a browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def sign_in(self, code: str) -> None:
        """Somebody with this staff code has signed in: what the door does, without its two pages and the home behind."""
        token = outside(self._open_session, code)
        with self.client.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = token, True

    def sign_in_by_form(self, login: str, password: str = PASSWORD) -> Page:
        """Fill in the page for signing in."""
        return self.visit("/sign-in").submit("Đăng nhập", login=login, secret=password)

    def _open_session(self, code: str) -> str:
        with self.app.test_request_context():
            account = accounts.account_by_login(code)
            assert account and account.password_hash, f"{code} has no account with a password"
            account.last_sign_in_at = clock.now()
            token = open_session(account=account, device="")
            db.session.commit()
            return token

    def speak(self, locale: str) -> None:
        self.client.set_cookie("lang", locale)

    def visit(self, address: str, query: Mapping[str, Any] | None = None, lint: bool = True) -> Page:
        """GET an address, following redirects; the page must be one."""
        response = self.client.get(address, query_string=query, follow_redirects=True)
        return self._page(response, lint)

    def post(self, address: str, data: Mapping[str, Any], lint: bool = True) -> Page:
        """POST a form, following redirects."""
        response = self.client.post(address, data=data, follow_redirects=True, content_type="multipart/form-data")
        return self._page(response, lint)

    def fetch(self, address: str) -> TestResponse:
        """GET what is not a page."""
        return self.client.get(address, buffered=True)

    def download(self, page: Page, button: str) -> TestResponse:
        """Press a button that answers with a file."""
        for form in page.forms():
            if any(button in words(b) for b in form.iter("button")):
                target = urljoin(page.url, form.get("action") or page.url)
                return self.client.post(target, data=held_by(form), buffered=True)
        raise AssertionError(f"{page.url} has no button «{button}»")

    def _page(self, response: TestResponse, lint: bool) -> Page:
        assert response.status_code in FORMS_OF_ERRORS, f"{response.request.path}: {response.status}"
        if response.mimetype != "text/html":
            return Page(self, response) if not lint else _not_a_page(response)
        page = Page(self, response)
        return page.lint() if lint else page


def words(element: Element | None) -> str:
    """The text of an element in one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def held_by(form: Element) -> dict[str, Any]:
    """The values that a form would send as it stands."""
    held: dict[str, Any] = {}
    for field in form.iter():
        name = field.get("name")
        if not name or field.tag not in LABELLED:
            continue
        if field.tag == "select":
            chosen = [o for o in field.iter("option") if o.get("selected") is not None] or list(field.iter("option"))[
                :1
            ]
            held[name] = chosen[0].get("value", "") if chosen else ""
        elif field.tag == "textarea":
            held[name] = field.text or ""
        elif field.get("type") in ("radio", "checkbox"):
            if field.get("checked") is not None:
                others = [held[name]] if isinstance(held.get(name), str) else held.get(name, [])
                held[name] = [*others, field.get("value", "on")] if others else field.get("value", "on")
        elif field.get("type") != "file":
            held[name] = field.get("value", "")
    return held


def same_site(links: Iterable[str]) -> list[str]:
    """The addresses of our own pages among links, without fragments."""
    return sorted({link.split("#")[0] for link in links if not urlsplit(link).netloc and link.startswith("/")})


def _lint_labels(url: str, root: Element) -> None:
    labelled = {label.get("for") for label in root.iter("label")}
    inside = {id(field) for label in root.iter("label") for field in label.iter() if field.tag in LABELLED}
    for field in root.iter():
        if field.tag in LABELLED and field.get("type") not in UNLABELLED:
            has_label = field.get("id") in labelled or id(field) in inside or field.get("aria-label")
            assert has_label, f"{url}: {field.tag} «{field.get('name')}» has no label"


def _not_a_page(response: TestResponse) -> Page:
    raise AssertionError(f"{response.request.path} answered with {response.mimetype}, not a page")
