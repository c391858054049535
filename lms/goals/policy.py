"""A policy as a text that a person can read aloud (TOML), and as the `Policy` that the rules judge by.

The format is described in docs/policies.md.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from lms import text
from lms.goals.rules import Accrual, Policy, Rule, Source
from lms.goals.selectors import ATTRIBUTES, Selector
from lms.language import gettext
from lms.network.models import Employment, Level

SETTINGS = {
    "code", "title", "legal_basis", "accrual", "minimum_service_days", "absence_threshold_days", "module_grace_days",
    "duplicate_months", "caps", "rule",
}  # fmt: skip
COMBINED = {"any": "any_of", "all": "all_of", "not": "none_of"}
SELECTOR_KEYS = {*ATTRIBUTES, *COMBINED}
RULE_KEYS = {*SELECTOR_KEYS, "periods", "minima", "modules", "from", "to", "legal_basis"}
CLOSED = {"level": frozenset(Level), "employment": frozenset(Employment)}
DEEPEST = 8
LARGEST = 10_000


class BadPolicy(ValueError):
    """A policy that cannot be read. `rule` is the number of the rule that is wrong, or 0 for the policy itself."""

    def __init__(self, key: str, rule: int = 0, **values: Any) -> None:
        self.key, self.rule, self.values = key, rule, values
        super().__init__(key)

    def __str__(self) -> str:
        place = gettext("policy.in-rule", number=self.rule) if self.rule else gettext("policy.in-policy")
        return f"{place}: {gettext(f'policy.{self.key}', **self.values)}"


def parse(source: str) -> Policy:
    """The policy that a TOML text describes. Raises `BadPolicy`."""
    try:
        data = tomllib.loads(text.normal(source))
    except (ValueError, RecursionError) as error:
        raise BadPolicy("bad-toml", detail=str(error)) from error
    return read(data)


def read(data: Mapping[str, Any]) -> Policy:
    """The policy that the values of a TOML text describe. Raises `BadPolicy`."""
    _refuse_unknown(data, SETTINGS, 0)
    rules = data.get("rule", [])
    if not isinstance(rules, list) or not rules:
        raise BadPolicy("no-rules")
    return Policy(
        code=_text(data, "code"),
        title=_text(data, "title"),
        legal_basis=_line(data, "legal_basis", 0),
        accrual=_accrual(_line(data, "accrual", 0) or "daily"),
        minimum_service_days=_days(data, "minimum_service_days") or 0,
        absence_threshold_days=_days(data, "absence_threshold_days"),
        module_grace_days=_days(data, "module_grace_days") or 0,
        duplicate_months=_days(data, "duplicate_months") or 0,
        caps={_source(name): _share(name, share) for name, share in _table(data, "caps", 0).items()},
        rules=tuple(_rule(rule, number) for number, rule in enumerate(rules, start=1)),
    )


def _rule(data: Any, number: int) -> Rule:
    if not isinstance(data, dict):
        raise BadPolicy("wrong-kind", number, name="rule")
    _refuse_unknown(data, RULE_KEYS, number)
    start, end = _day(data, "from", number), _day(data, "to", number)
    if start and end and start >= end:
        raise BadPolicy("from-after-to", number)
    minima = _table(data, "minima", number)
    return Rule(
        periods=_whole(data, "periods", number),
        minima=tuple((name, _whole(minima, name, number)) for name in sorted(minima)),
        modules=_texts(data, "modules", number),
        from_day=start.toordinal() if start else 0,
        to_day=(end or date.max).toordinal(),
        legal_basis=_line(data, "legal_basis", number),
        who=_selector({name: value for name, value in data.items() if name in SELECTOR_KEYS}, number),
    )


def _selector(data: Any, number: int, depth: int = 0) -> Selector:
    """A table of conditions: all must hold. `any`, `all` and `not` hold one table or a list of them."""
    if not isinstance(data, dict) or depth > DEEPEST:
        raise BadPolicy("bad-condition", number)
    _refuse_unknown(data, SELECTOR_KEYS, number)
    within: dict[str, Any] = {field: _selectors(data, name, number, depth) for name, field in COMBINED.items()}
    asked: dict[str, Any] = {name: _choices(data, name, number) for name in ATTRIBUTES}
    return Selector(**asked, **within)


def _selectors(data: Mapping[str, Any], name: str, number: int, depth: int) -> tuple[Selector, ...]:
    found = data.get(name, [])
    parts = found if isinstance(found, list) else [found]
    if any(part == {} for part in parts):
        raise BadPolicy("bad-condition", number)
    return tuple(_selector(part, number, depth + 1) for part in parts)


def _choices(data: Mapping[str, Any], name: str, number: int) -> frozenset[str]:
    values = frozenset(_texts(data, name, number))
    allowed = CLOSED.get(name)
    if allowed and (unknown := values - allowed):
        raise BadPolicy("unknown-value", number, name=name, value=", ".join(sorted(unknown)))
    return values


def _refuse_unknown(data: Mapping[str, Any], known: set[str], number: int) -> None:
    if unknown := set(data) - known:
        raise BadPolicy("unknown-key", number, name=", ".join(sorted(unknown)))


def _text(data: Mapping[str, Any], name: str) -> str:
    found = _line(data, name, 0)
    if not found:
        raise BadPolicy("missing", name=name)
    return found


def _line(data: Mapping[str, Any], name: str, number: int) -> str:
    found = data.get(name, "")
    if not isinstance(found, str):
        raise BadPolicy("wrong-kind", number, name=name)
    return text.clean(found)


def _texts(data: Mapping[str, Any], name: str, number: int) -> tuple[str, ...]:
    """One text or a list of texts."""
    found = data.get(name, [])
    values = [found] if isinstance(found, str) else found
    if not isinstance(values, list) or not all(isinstance(value, str) and text.clean(value) for value in values):
        raise BadPolicy("wrong-kind", number, name=name)
    return tuple(map(text.clean, values))


def _table(data: Mapping[str, Any], name: str, number: int) -> Mapping[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise BadPolicy("wrong-kind", number, name=name)
    return found


def _days(data: Mapping[str, Any], name: str) -> int | None:
    return _whole(data, name, 0) if name in data else None


def _whole(data: Mapping[str, Any], name: str, number: int) -> int:
    found = data.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= LARGEST:
        raise BadPolicy("not-whole", number, name=name, largest=LARGEST)
    return found


def _day(data: Mapping[str, Any], name: str, number: int) -> date | None:
    found = data.get(name)
    if found is not None and type(found) is not date:
        raise BadPolicy("not-a-day", number, name=name)
    return found


def _known(kind: Callable[[str], Any], key: str) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        try:
            return kind(value)
        except ValueError as error:
            raise BadPolicy(key, value=value) from error

    return read


_accrual = _known(Accrual, "unknown-accrual")
_source = _known(Source, "unknown-source")


def _share(name: str, value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadPolicy("not-a-share", name=name)
    return Fraction(str(value))


def write(policy: Policy) -> str:
    """The text of a policy: what `parse` reads back as the same policy."""
    head = {
        "code": policy.code,
        "title": policy.title,
        "legal_basis": policy.legal_basis,
        "minimum_service_days": policy.minimum_service_days,
        "absence_threshold_days": policy.absence_threshold_days,
        "module_grace_days": policy.module_grace_days,
        "duplicate_months": policy.duplicate_months,
        "accrual": policy.accrual.value,
        "caps": {source: float(share) for source, share in sorted(policy.caps.items())},
    }
    return (
        "\n".join([*_lines(head), *(line for rule in policy.rules for line in ("", "[[rule]]", *_rule_lines(rule)))])
        + "\n"
    )


def _rule_lines(rule: Rule) -> Iterable[str]:
    yield from _lines(_conditions(rule.who))
    start = date.fromordinal(rule.from_day) if rule.from_day else None
    end = date.fromordinal(rule.to_day) if rule.to_day < date.max.toordinal() else None
    yield f"periods = {rule.periods}"
    yield from _lines({"minima": dict(rule.minima), "modules": list(rule.modules), "from": start, "to": end})
    yield from _lines({"legal_basis": rule.legal_basis})


def _conditions(who: Selector) -> dict[str, Any]:
    asked: dict[str, Any] = {name: sorted(getattr(who, name)) for name in ATTRIBUTES}
    alone = {name: values[0] if len(values) == 1 else values for name, values in asked.items() if values}
    parts = {name: [_conditions(part) for part in getattr(who, field)] for name, field in COMBINED.items()}
    return alone | {name: part[0] if len(part) == 1 and name == "not" else part for name, part in parts.items() if part}


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    """`name = value` for each that says something."""
    return (f"{name} = {_toml(value)}" for name, value in values.items() if value not in (None, "", [], {}))


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_bare(name)} = {_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _bare(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
