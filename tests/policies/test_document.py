"""The form and the text say the same."""

import tomllib

import pytest
from hypothesis import given

from lms.goals import policy as policy_text
from lms.goals.rules import Policy
from lms.language import speaking
from lms.policies import document
from tests.goals.facts import DX, DX_TEXT
from tests.policies.policies import policies, told


@given(policies)
def test_what_is_written_is_read_back_as_the_same_policy(policy: Policy) -> None:
    assert told(policy_text.parse(policy_text.write(policy))) == told(policy)


@given(policies)
def test_what_the_form_shows_means_the_same_policy(policy: Policy) -> None:
    for locale in ("vi", "en"):
        with speaking(locale):
            assert told(document.meant(policy.code, document.shown(policy))) == told(policy)


def test_a_text_that_means_the_same_stays_as_it_was_written() -> None:
    assert document.rewritten(DX_TEXT, DX) == DX_TEXT
    assert document.has_notes(DX_TEXT)
    other = policy_text.parse(DX_TEXT.replace("periods = 12", "periods = 13"))
    assert document.rewritten(DX_TEXT, other) == policy_text.write(other)
    assert not document.has_notes(policy_text.write(other))


def test_the_form_shows_the_last_day_and_the_text_the_day_after_it() -> None:
    source = DX_TEXT + "\n[[rule]]\nperiods = 1\nfrom = 2026-07-01\nto = 2027-01-01\n"
    shown = document.shown(policy_text.parse(source))["rules"][-1]
    assert (shown["from_on"], shown["last_on"]) == ("01/07/2026", "31/12/2026")


def test_what_the_form_has_no_place_for_goes_along() -> None:
    condition = 'all = [{ role = "leader", not = { level = "commune" } }]\n'
    source = f'code = "x"\ntitle = "X"\n[[rule]]\nperiods = 1\nposition = "A, B"\nminima = {{ art = 1 }}\n{condition}'
    shown = document.shown(policy_text.parse(source))
    shown["rules"][0]["periods"] = "2"
    assert told(document.meant("x", shown)) == told(policy_text.parse(source.replace("periods = 1", "periods = 2")))


def test_rules_are_added_moved_and_removed() -> None:
    rules = [{"periods": str(number), "ones": [], "excepts": []} for number in range(3)]
    order = lambda found: [rule["periods"] for rule in found]  # noqa: E731
    assert order(document.moved([*rules], "up", 2, -1)) == ["0", "2", "1"]
    assert order(document.moved([*rules], "down", 0, -1)) == ["1", "0", "2"]
    assert order(document.moved([*rules], "down", 2, -1)) == ["0", "1", "2"]
    assert order(document.moved([*rules], "remove", 1, -1)) == ["0", "2"]
    assert order(document.moved([*rules], "remove", 9, -1)) == ["0", "1", "2"]
    assert order(document.moved([*rules], "add", -1, -1)) == ["0", "1", "2", ""]
    assert len(document.moved(rules, "add-excepts", 1, -1)[1]["excepts"]) == 1
    assert document.moved(rules, "remove-excepts", 1, 0)[1]["excepts"] == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("title = \ncode = 1\n", 1),
        ('code = "x"\ntitle = ', 2),
        ('code = "x"\ntitle = "X"\n[[rule]]\nperiods = 1\n\n[[rule]]\n', 6),
        ('code = "x"\n', 0),
    ],
)
def test_the_line_of_a_mistake_is_found(source: str, line: int) -> None:
    with pytest.raises(policy_text.BadPolicy) as problem:
        policy_text.parse(source)
    assert document.line_of(problem.value, source) == line


def test_a_new_policy_begins_with_a_text_that_is_read() -> None:
    assert tomllib.loads(document.first_text("x", "Tên"))["title"] == "Tên"
