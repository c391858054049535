"""A policy's text: what it says is read as it is meant, and whatever is wrong with it is said in words."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.config import ROOT
from lms.goals.policy import CLOSED, RULE_KEYS, SETTINGS, BadPolicy, parse
from lms.goals.rules import Source
from lms.language import LOCALES, speaking
from lms.network.models import Employment, Level
from tests.goals.facts import DX, DX_TEXT, LEGAL40

PAGE = (ROOT / "docs/policies.md").read_text("utf-8")
HEAD = 'code = "dx"\ntitle = "Bồi dưỡng"\n'
RULE = '[[rule]]\nrole = "dedicated"\nperiods = 40\n'


def test_the_shipped_policy_says_what_the_model_asks() -> None:
    assert (DX.minimum_service_days, DX.absence_threshold_days, DX.module_grace_days) == (90, 30, 60)
    assert DX.duplicate_months == 24
    assert DX.caps == {"external": Fraction(1, 2), "event": Fraction(1, 4), "teaching": Fraction(1, 2)}
    bases = {role: (rule.periods, dict(rule.minima)) for rule in DX.rules for role in rule.who.role}
    assert bases == {
        "dedicated": (40, {"security": 8}),
        "incident-response": (32, {"security": 24}),
        "focal-point": (24, {"security": 4}),
        "leader": (16, {}),
        "community-lead": (12, {}),
        "community-deputy": (8, {}),
        "community-member": (8, {}),
        "enterprise": (4, {}),
    }


def test_the_legal_policy_asks_for_forty_periods_of_civil_servants() -> None:
    (rule,) = LEGAL40.rules
    assert (rule.periods, rule.who.employment, LEGAL40.accrual) == (40, {"civil-servant"}, "none")
    assert (LEGAL40.minimum_service_days, LEGAL40.absence_threshold_days, LEGAL40.caps) == (0, None, {})


def test_a_rule_may_hold_for_some_days_only() -> None:
    (rule,) = parse(HEAD + RULE + "from = 2026-07-01\nto = 2027-01-01\n").rules
    assert (rule.from_day, rule.to_day) == (date(2026, 7, 1).toordinal(), date(2027, 1, 1).toordinal())


def test_one_text_stands_for_a_list_of_one() -> None:
    listed = HEAD + '[[rule]]\nrole = ["leader"]\nmodules = ["luat"]\nperiods = 1\n'
    single = HEAD + '[[rule]]\nrole = "leader"\nmodules = "luat"\nperiods = 1\n'
    for source in (listed, single):
        (rule,) = parse(source).rules
        assert (rule.who.role, rule.modules) == ({"leader"}, ("luat",))


def test_the_text_may_come_from_windows_or_a_mac() -> None:
    assert parse(DX_TEXT.replace("\n", "\r\n")).title == DX.title
    assert parse('code = "dx"\ntitle = "Bo\u0302\u0300i"\n' + RULE).title == "Bồi"


def test_invisible_characters_are_left_out_of_texts() -> None:
    assert parse('code = "d\\u0000x"\ntitle = "A\\u202eB"\n' + RULE).code == "dx"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "Chính sách: chưa có quy tắc [[rule]] nào"),
        (HEAD, "Chính sách: chưa có quy tắc [[rule]] nào"),
        (HEAD + "[rule]\nperiods = 4\n", "Chính sách: chưa có quy tắc [[rule]] nào"),
        (HEAD + "rule = []\n", "Chính sách: chưa có quy tắc [[rule]] nào"),
        (HEAD + "rule = [4]\n", "Quy tắc 1: mục «rule» không đúng kiểu dữ liệu"),
        (RULE, "Chính sách: thiếu mục «code»"),
        ('code = "dx"\n' + RULE, "Chính sách: thiếu mục «title»"),
        ('code = " "\ntitle = "A"\n' + RULE, "Chính sách: thiếu mục «code»"),
        ("code = 5\n" + RULE, "Chính sách: mục «code» không đúng kiểu dữ liệu"),
        (HEAD + "legal_basis = 5\n" + RULE, "Chính sách: mục «legal_basis» không đúng kiểu dữ liệu"),
        (HEAD + "colour = 1\nsize = 2\n" + RULE, "Chính sách: không có mục «colour, size» trong định dạng chính sách"),
        (HEAD + RULE + "colour = 1\n", "Quy tắc 1: không có mục «colour» trong định dạng chính sách"),
        (HEAD + RULE + RULE + "periods_ = 1\n", "Quy tắc 2: không có mục «periods_» trong định dạng chính sách"),
        (HEAD + 'accrual = "weekly"\n' + RULE, "Chính sách: accrual chỉ nhận daily hoặc none, không nhận «weekly»"),
        (HEAD + "accrual = 3\n" + RULE, "Chính sách: mục «accrual» không đúng kiểu dữ liệu"),
        (HEAD + "minimum_service_days = -1\n" + RULE, "Chính sách: mục «minimum_service_days» phải là số nguyên"),
        (HEAD + "absence_threshold_days = 1.5\n" + RULE, "Chính sách: mục «absence_threshold_days» phải là số nguyên"),
        (HEAD + "module_grace_days = true\n" + RULE, "Chính sách: mục «module_grace_days» phải là số nguyên"),
        (HEAD + 'duplicate_months = "24"\n' + RULE, "Chính sách: mục «duplicate_months» phải là số nguyên"),
        (HEAD + "caps = { external = 1.01 }\n" + RULE, "Chính sách: trần «external» phải từ 0 đến 1"),
        (HEAD + "caps = { event = -0.1 }\n" + RULE, "Chính sách: trần «event» phải từ 0 đến 1"),
        (HEAD + "caps = { event = nan }\n" + RULE, "Chính sách: trần «event» phải từ 0 đến 1"),
        (HEAD + "caps = { event = true }\n" + RULE, "Chính sách: trần «event» phải từ 0 đến 1"),
        (HEAD + 'caps = { event = "0.5" }\n' + RULE, "Chính sách: trần «event» phải từ 0 đến 1"),
        (HEAD + "caps = { gossip = 0.5 }\n" + RULE, "Chính sách: caps chỉ nhận internal, equivalence, teaching, event"),
        (HEAD + "caps = 0.5\n" + RULE, "Chính sách: mục «caps» không đúng kiểu dữ liệu"),
        (HEAD + '[[rule]]\nrole = "leader"\n', "Quy tắc 1: mục «periods» phải là số nguyên"),
        (HEAD + "[[rule]]\nperiods = 1e1\n", "Quy tắc 1: mục «periods» phải là số nguyên"),
        (HEAD + "[[rule]]\nperiods = 1000000\n", "Quy tắc 1: mục «periods» phải là số nguyên"),
        (HEAD + "[[rule]]\nperiods = 4\nrole = 5\n", "Quy tắc 1: mục «role» không đúng kiểu dữ liệu"),
        (HEAD + "[[rule]]\nperiods = 4\nrole = [5]\n", "Quy tắc 1: mục «role» không đúng kiểu dữ liệu"),
        (HEAD + "[[rule]]\nperiods = 4\nrole = { a = 1 }\n", "Quy tắc 1: mục «role» không đúng kiểu dữ liệu"),
        (HEAD + '[[rule]]\nperiods = 4\nrole = ""\n', "Quy tắc 1: mục «role» không đúng kiểu dữ liệu"),
        (
            HEAD + '[[rule]]\nperiods = 4\nlevel = "moon"\n',
            "Quy tắc 1: mục «level» có giá trị không có trong danh mục: moon",
        ),
        (
            HEAD + '[[rule]]\nperiods = 4\nemployment = ["king"]\n',
            "Quy tắc 1: mục «employment» có giá trị không có trong",
        ),
        (HEAD + RULE + "minima = 8\n", "Quy tắc 1: mục «minima» không đúng kiểu dữ liệu"),
        (HEAD + RULE + 'minima = ["security"]\n', "Quy tắc 1: mục «minima» không đúng kiểu dữ liệu"),
        (HEAD + RULE + "minima = { security = 1.5 }\n", "Quy tắc 1: mục «security» phải là số nguyên"),
        (HEAD + RULE + "modules = 5\n", "Quy tắc 1: mục «modules» không đúng kiểu dữ liệu"),
        (HEAD + RULE + 'from = "2026-07-01"\n', "Quy tắc 1: mục «from» phải là một ngày"),
        (HEAD + RULE + "to = 2026-07-01T00:00:00\n", "Quy tắc 1: mục «to» phải là một ngày"),
        (HEAD + RULE + "from = 2026-07-01\nto = 2026-07-01\n", "Quy tắc 1: ngày from phải trước ngày to"),
        (HEAD + RULE + "from = 2026-07-02\nto = 2026-07-01\n", "Quy tắc 1: ngày from phải trước ngày to"),
        (HEAD + RULE + "from = 2026-02-30\n", "Chính sách: không đọc được TOML"),
        ("code = ", "Chính sách: không đọc được TOML"),
        (HEAD + HEAD, "Chính sách: không đọc được TOML"),
    ],
)
def test_what_is_wrong_is_said_in_words(source: str, words: str) -> None:
    with pytest.raises(BadPolicy) as problem:
        parse(source)
    assert str(problem.value).startswith(words)


@pytest.mark.parametrize(
    "hostile",
    [
        "a = " + "9" * 5_000,
        "a = " + "[" * 20_000,
        "accrual = 0x" + "f" * 10_000,
        f"caps = {{ event = 0x{'f' * 10_000} }}",
        'title = "\\ud800"',
        "\ud800 = 1",
        '"%(name)s" = "%s %d %"',
        "\x00",
    ],
)
def test_hostile_text_is_refused_like_any_other(hostile: str) -> None:
    assert_read_or_refused('code = "x"\n' + hostile + "\n" + RULE)
    with pytest.raises(BadPolicy):
        parse('code = "x"\n' + hostile + "\n" + RULE)


@given(st.text(max_size=300))
@example("[[rule]]\n[rule.periods]")
def test_any_text_is_read_or_refused(source: str) -> None:
    assert_read_or_refused(source)


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml(str(key))} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(char):04x}" for char in value) + '"'
    return str(value)


words = st.text(st.characters(max_codepoint=0xD7FF), max_size=8)
plain = words | st.integers() | st.floats() | st.booleans() | st.dates(min_value=date(1000, 1, 1))
usual = st.integers(0, 60) | st.sampled_from(("daily", "commune", "security", "luat")) | st.dates(date(2026, 1, 1))
sources = st.sampled_from(("external", "event", "gossip"))
values = (
    usual | plain | st.lists(words | plain, max_size=3) | st.dictionaries(sources | words, usual | plain, max_size=3)
)
rule_tables = st.dictionaries(st.sampled_from(sorted(RULE_KEYS)) | words, values, max_size=5)
policy_tables = st.dictionaries(st.sampled_from(sorted(SETTINGS - {"rule"})), values, max_size=5)


@given(policy_tables, st.lists(rule_tables | values, max_size=3) | values)
def test_any_values_are_read_or_refused(settings: Mapping[str, Any], rules: Any) -> None:
    known = {"code": "dx", "title": "Thử"} | dict(settings) | {"rule": rules}
    assert_read_or_refused("".join(f"{key} = {toml(value)}\n" for key, value in known.items()))


def assert_read_or_refused(source: str) -> None:
    """The text gives a policy, or a refusal with words in every language."""
    problem = refusal(source)
    for locale in LOCALES if problem else ():
        with speaking(locale):
            assert "policy." not in str(problem).split("«")[0]


def refusal(source: str) -> BadPolicy | None:
    try:
        parse(source)
    except BadPolicy as problem:
        return problem
    return None


def test_the_page_about_policies_gives_an_example_that_is_read() -> None:
    example = [
        line[4:] for line in PAGE.partition("## Ví dụ")[2].partition("Đọc là")[0].split("\n") if line[:4].isspace()
    ]
    policy = parse("\n".join(example))
    assert [rule.periods for rule in policy.rules] == [40, 8, 32]
    assert policy.rules[2].from_day == date(2026, 7, 1).toordinal()


@pytest.mark.parametrize("key", sorted(SETTINGS - {"rule"} | RULE_KEYS | set(Source) | set(Level) | set(Employment)))
def test_the_page_about_policies_names_every_key(key: str) -> None:
    assert f"`{key}`" in PAGE


def test_levels_and_employments_are_those_of_the_network() -> None:
    assert CLOSED["level"] == {"central", "province", "district", "commune", "village-team"}
    assert {"civil-servant", "volunteer"} < CLOSED["employment"]
