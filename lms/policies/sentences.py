"""A policy told as sentences of the reader's language: whom each rule means, what it asks, when, and on what basis."""

from collections.abc import Mapping
from datetime import date

from lms.goals.rules import Policy, Rule
from lms.goals.selectors import Selector
from lms.language import format_date, format_percent, gettext, role_words
from lms.policies.rules import Clash

FOR_EVER = date.max.toordinal()


def rules(policy: Policy, titles: Mapping[str, str]) -> list[str]:
    """A sentence for each rule; `titles` are those of courses, by slug."""
    return [rule(one, titles) for one in policy.rules]


def rule(one: Rule, titles: Mapping[str, str]) -> str:
    """«Đầu mối ở cấp xã, trừ …: 24 tiết một năm, trong đó an toàn thông tin 4; khóa …; từ 01/07/2026; căn cứ …»."""
    parts = [gettext("policies.asks", periods=one.periods)]
    if one.minima:
        floors = ", ".join(f"{category_words(category)} {floor}" for category, floor in one.minima)
        parts[0] += gettext("policies.of-which", minima=floors)
    if one.modules:
        parts.append(gettext("policies.courses", courses=", ".join(titles.get(slug, slug) for slug in one.modules)))
    if one.from_day:
        parts.append(gettext("policies.from", day=format_date(date.fromordinal(one.from_day))))
    if one.to_day < FOR_EVER:
        parts.append(gettext("policies.until", day=format_date(date.fromordinal(one.to_day - 1))))
    if one.legal_basis:
        parts.append(gettext("policies.basis", basis=one.legal_basis))
    subject = who(one.who)
    return f"{subject[:1].upper()}{subject[1:]}: {'; '.join(parts)}"


def who(selector: Selector) -> str:
    """«đầu mối ở cấp xã, trừ tình nguyện viên»."""
    found = _plain(selector)
    if selector.any_of:
        found += gettext("policies.only-one-of", choices=gettext("policies.or").join(map(_within, selector.any_of)))
    if selector.all_of:
        found += gettext("policies.and-all", choices=gettext("policies.and").join(map(_within, selector.all_of)))
    if selector.none_of:
        found += gettext("policies.except", choices=gettext("policies.and").join(map(_within, selector.none_of)))
    return found


def _within(selector: Selector) -> str:
    words = who(selector)
    return words if selector.is_plain else f"({words})"


def _plain(selector: Selector) -> str:
    parts = [", ".join(map(role_words, sorted(selector.role)))] if selector.role else []
    if selector.employment:
        kinds = ", ".join(gettext(f"employment.{kind}").lower() for kind in sorted(selector.employment))
        parts.append(gettext("policies.who-are", kinds=kinds) if parts else kinds)
    parts = parts or [gettext("policies.everybody")]
    if selector.level:
        levels = ", ".join(gettext(f"level.{level}").lower() for level in sorted(selector.level))
        parts.append(gettext("policies.at-level", levels=levels))
    for name in ("position", "title", "unit"):
        if values := getattr(selector, name):
            parts.append(gettext(f"policies.with.{name}", codes=", ".join(sorted(values))))
    return " ".join(parts)


def category_words(category: str) -> str:
    """A category in words; one that nobody knows is its code."""
    key = f"category.{category}"
    words = gettext(key)
    return category if words == key else words


def clash(found: Clash) -> str:
    """«Quy tắc 3 không bao giờ thắng: quy tắc 1 …»."""
    values = {"rule": found.rule, "other": found.other, "category": category_words(found.category)}
    return gettext(f"policies.clash.{found.kind}", **values)


def caps(policy: Policy) -> str:
    """«bên ngoài 50,0 %, sự kiện 25,0 %»."""
    return ", ".join(f"{gettext(f'source.{source}')} {format_percent(share)}" for source, share in policy.caps.items())
