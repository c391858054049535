"""Text size and language are remembered, for guests too; nonsense is ignored."""

from tests.page import Visitor
from tests.people import Cast


def choose(visitor: Visitor, **choice: str) -> str:
    """Press a button of the footer; where one is sent."""
    token = visitor.visit("/sign-in").tree.find(".//footer//input[@name='csrf_token']")
    assert token is not None
    answer = visitor.client.post("/display", data={"csrf_token": token.get("value"), **choice})
    assert answer.status_code == 302
    return str(answer.location)


def test_the_text_size_is_remembered(visitor: Visitor) -> None:
    assert visitor.visit("/sign-in").tree.get("data-text-size") == "1"
    assert choose(visitor, text_size="3", next="/verify?number=1") == "/verify?number=1"
    assert visitor.visit("/sign-in").tree.get("data-text-size") == "3"
    assert visitor.visit("/verify").tree.get("data-text-size") == "3"


def test_the_language_is_remembered_on_pages_and_errors(cast: Cast, visitor: Visitor) -> None:
    choose(visitor, lang="en")
    for address in ("/sign-in", "/verify", "/no-such-page"):
        assert visitor.visit(address).tree.get("lang") == "en"
    visitor.visit("/sign-in").submit("Sign in", login="an", secret="thao-so-2026")
    assert visitor.visit("/").tree.get("lang") == "en"
    assert Visitor(visitor.app).visit("/sign-in").tree.get("lang") == "vi", "for this browser only"


def test_nonsense_is_ignored(visitor: Visitor) -> None:
    assert choose(visitor, text_size="9", lang="xx", next="//evil.example") == "/"
    page = visitor.visit("/sign-in")
    assert (page.tree.get("data-text-size"), page.tree.get("lang")) == ("1", "vi")
    visitor.client.set_cookie("text_size", '"><script>')
    visitor.client.set_cookie("lang", "../../etc")
    page = visitor.visit("/sign-in")
    assert (page.tree.get("data-text-size"), page.tree.get("lang")) == ("1", "vi")
