"""Every message has its words in both languages, and no words stand where they cannot be translated."""

import re
from collections.abc import Mapping
from functools import cache

import pytest
from babel.messages.pofile import read_po

from lms.language import LOCALES, TRANSLATIONS
from tests.architecture import keys
from tests.architecture.source import ROOT, modules, words

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
NAMES = {"Thạo Số", "Tiếng Việt"}
ALPHABETS = {
    "lms/text.py",
    "lms/exchange/old_fonts.py",
    "lms/cells.py",
    "lms/fonts.py",
    "lms/demo/cast.py",
    "lms/trust/symbol.py",
}
"""Modules that hold tables of letters, and the cast of the demo."""


@pytest.fixture(scope="module", params=LOCALES)
def messages(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The catalogue of a language."""
    return _messages(request.param)


@cache
def _messages(locale: str) -> dict[str, str]:
    with (TRANSLATIONS / locale / "messages.po").open("rb") as source:
        return {str(message.id): str(message.string) for message in read_po(source) if message.id}


@cache
def wanted_keys() -> set[str]:
    """The keys that Python, templates and the families can ask for."""
    literal = {asked.message for asked in keys.asked_for() if keys.KEY.fullmatch(asked.message)}
    families = {f"{prefix}{word}" for prefix, members in keys.FAMILIES.items() for word in members}
    return literal | families | keys_as_data()


def keys_as_data() -> set[str]:
    """Constants that look like keys of a message family that Python keeps as data: `import.bad-date`."""
    kept = ("import.", "archive.", "password.", "reorganise.")
    found = {node.value for tree in modules().values() for node in words(tree)}
    return {value for value in found if value.startswith(kept) and keys.KEY.fullmatch(value) and "_" not in value}


def sentences() -> dict[str, str]:
    """The Vietnamese texts that templates ask for, with their place."""
    return {asked.message: asked.place for asked in keys.asked_for() if not keys.KEY.fullmatch(asked.message)}


def test_every_key_has_words(messages: Mapping[str, str]) -> None:
    missing = sorted(key for key in wanted_keys() if not messages.get(key))
    assert not missing, "\n".join(missing)


def test_every_sentence_of_a_template_is_put_into_english() -> None:
    english = _messages("en")
    missing = [f"{text} ({place})" for text, place in sentences().items() if not english.get(text)]
    assert not missing, "\n".join(missing)


def test_no_sentence_is_left_over() -> None:
    left = {text for text in _messages("en") if VIETNAMESE.search(text)} - set(sentences())
    assert not left, "\n".join(sorted(left))


def test_every_key_that_is_put_together_has_its_words_listed() -> None:
    found = keys.prefixes_in_python() | keys.prefixes_in_templates()
    assert not {prefix: place for prefix, place in found.items() if prefix not in keys.FAMILIES}


def test_no_message_is_left_over(messages: Mapping[str, str]) -> None:
    optional = ("import.column.", "import.table.", "role.")
    known = {key for key in messages if keys.KEY.fullmatch(key) and not key.startswith(optional)}
    left = sorted(known - wanted_keys())
    assert not left, "\n".join(left)


def test_what_wtforms_says_is_said_in_vietnamese() -> None:
    assert {"Not a valid choice.", "Invalid Choice: could not coerce."} <= set(_messages("vi"))


def test_both_languages_have_the_same_places_for_values() -> None:
    vietnamese, english = _messages("vi"), _messages("en")
    pairs = {key: (vietnamese.get(key, key), text) for key, text in english.items()}
    assert not {key for key, (one, other) in pairs.items() if _places(one) != _places(other)}


def test_every_value_that_a_message_shows_is_given(messages: Mapping[str, str]) -> None:
    wrong = []
    for asked in keys.asked_for():
        shown = _places(messages.get(asked.message, asked.message))
        if asked.given is not None and not shown <= asked.given:
            wrong.append(f"{asked.place}: {asked.message}: {shown - asked.given}")
    assert not wrong


def test_every_message_with_values_can_be_filled_in(messages: Mapping[str, str]) -> None:
    for key, text in messages.items():
        if values := _places(text):
            assert text % dict.fromkeys(values, "x"), key


def test_templates_say_nothing_without_asking_for_a_message() -> None:
    said = [(name, text.strip()) for name, text in keys.raw_text() if VIETNAMESE.search(_without_names(text))]
    assert not said


def test_python_holds_no_vietnamese_words() -> None:
    found = [
        f"{path}:{node.lineno}: {node.value}"
        for path, tree in modules().items()
        if path not in ALPHABETS and not path.startswith("lms/demo/data")
        for node in words(tree)
        if VIETNAMESE.search(node.value)
    ]
    assert not found


def test_scripts_take_their_words_from_the_page() -> None:
    scripts = (ROOT / "static/js").glob("*.js")
    said = {path.name: line for path in scripts for line in path.read_text().splitlines() if VIETNAMESE.search(line)}
    assert not said


def _places(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _without_names(text: str) -> str:
    for name in NAMES:
        text = text.replace(name, "")
    return text
