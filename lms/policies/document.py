"""A policy as the form shows it: the values of its TOML text, with what is typed as text, and back.

What the form has no place for (conditions within conditions, unknown categories) goes along as `kept`, untouched.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms import text
from lms.catalogue.content import CATEGORIES
from lms.clock import parse_day
from lms.db import OPEN_END
from lms.goals import policy as policy_text
from lms.goals.policy import BadPolicy
from lms.goals.rules import Policy, Source
from lms.language import format_date, format_number

Data = dict[str, Any]

CHOSEN = ("role", "level", "employment")
TYPED = ("position", "title", "unit")
DAYS = ("minimum_service_days", "absence_threshold_days", "module_grace_days", "duplicate_months")
GROUPS = {"any": "ones", "not": "excepts"}
LINE = re.compile(r"line (\d+)")
EMPTY_GROUP: Data = {**{name: [] for name in CHOSEN}, **dict.fromkeys(TYPED, "")}


def shown(policy: Policy) -> Data:
    """What the form shows of a policy."""
    data = tomllib.loads(policy_text.write(policy))
    caps = data.get("caps", {})
    return {
        "title": data["title"],
        "legal_basis": data.get("legal_basis", ""),
        "accrual": data["accrual"],
        **{name: str(data[name]) if name in data else "" for name in DAYS},
        "caps": {source.value: _percent(caps[source]) if source in caps else "" for source in Source},
        "rules": [_shown_rule(rule) for rule in data["rule"]],
    }


def empty_rule() -> Data:
    """A rule that asks nothing of nobody yet."""
    return _shown_rule({"periods": ""})


def _shown_rule(rule: Mapping[str, Any]) -> Data:
    minima, kept = rule.get("minima", {}), dict[str, Any]()
    if other := {name: floor for name, floor in minima.items() if name not in CATEGORIES}:
        kept["minima"] = other
    groups: dict[str, list[Data]] = {}
    for name, place in GROUPS.items():
        inner = _listed(rule.get(name, []))
        is_plain = all(_is_plain(part) for part in inner)
        groups[place] = [_shown_group(part) for part in inner] if is_plain else []
        if not is_plain:
            kept[name] = inner
    if "all" in rule:
        kept["all"] = rule["all"]
    kept |= {name: _listed(rule[name]) for name in TYPED if any("," in code for code in _listed(rule.get(name, [])))}
    last = rule["to"] - timedelta(days=1) if "to" in rule else None
    return {
        "who": _shown_group({name: value for name, value in rule.items() if name not in kept}),
        **groups,
        "kept": json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else "",
        "periods": str(rule["periods"]),
        "minima": {name: str(minima.get(name, "")) for name in CATEGORIES},
        "modules": _listed(rule.get("modules", [])),
        "from_on": format_date(rule.get("from")),
        "last_on": format_date(last),
        "legal_basis": rule.get("legal_basis", ""),
    }


def _shown_group(part: Mapping[str, Any]) -> Data:
    chosen = {name: _listed(part.get(name, [])) for name in CHOSEN}
    return {**chosen, **{name: ", ".join(_listed(part.get(name, []))) for name in TYPED}}


def _is_plain(part: Mapping[str, Any]) -> bool:
    codes = [code for name in TYPED for code in _listed(part.get(name, []))]
    return not {"any", "all", "not"} & set(part) and not any("," in code for code in codes)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _percent(share: float) -> str:
    exact = (Decimal(str(share)) * 100).normalize()
    return format_number(exact, max(0, -int(exact.as_tuple().exponent)))


def meant(code: str, typed: Mapping[str, Any]) -> Policy:
    """The policy that a form means, whose fields have been found good. Raises `BadPolicy`."""
    data: Data = {
        "code": code,
        "title": typed["title"],
        "legal_basis": typed["legal_basis"],
        "accrual": typed["accrual"],
    }
    data |= {name: int(typed[name]) for name in DAYS if typed[name]}
    data["caps"] = {source: float(percent(value) / 100) for source, value in typed["caps"].items() if value}
    data["rule"] = [_meant_rule(rule) for rule in typed["rules"]]
    return policy_text.read(data)


def _meant_rule(typed: Mapping[str, Any]) -> Data:
    kept = json.loads(typed["kept"]) if typed["kept"] else {}
    rule: Data = {**_meant_group(typed["who"]), "periods": int(typed["periods"])}
    rule["minima"] = {name: int(floor) for name, floor in typed["minima"].items() if floor} | kept.pop("minima", {})
    rule |= {"modules": typed["modules"], "legal_basis": typed["legal_basis"]}
    for name, place in GROUPS.items():
        rule[name] = [*kept.pop(name, []), *(_meant_group(group) for group in typed[place])]
    start, last = parse_day(typed["from_on"]), parse_day(typed["last_on"])
    rule |= {"from": start} if start else {}
    rule |= {"to": last + timedelta(days=1)} if last and last < OPEN_END else {}
    for name, values in kept.items():
        rule[name] = [*rule[name], *values] if name in rule else values
    return rule


def _meant_group(typed: Mapping[str, Any]) -> Data:
    asked = {name: list(typed[name]) for name in CHOSEN} | {name: codes(typed[name]) for name in TYPED}
    return {name: values for name, values in asked.items() if values}


def codes(typed: str) -> list[str]:
    """`A, B` as two codes."""
    return [code for part in typed.split(",") if (code := text.clean(part))]


def percent(typed: str) -> Fraction:
    """`12,5` as a number. Raises ValueError."""
    return Fraction(typed.strip().removesuffix("%").strip().replace(",", "."))


def rewritten(source: str, policy: Policy) -> str:
    """The text of a policy, which stays as it was written when it means the same already."""
    new = policy_text.write(policy)
    return source if policy_text.write(policy_text.parse(source)) == new else new


def has_notes(source: str) -> bool:
    """Whether a text says more than the form can keep: notes, another order."""
    return policy_text.write(policy_text.parse(source)) != text.normal(source)


def line_of(problem: BadPolicy, source: str) -> int:
    """The number of the line on which a text is wrong, 0 when it cannot be told."""
    detail = str(problem.values.get("detail", ""))
    if "end of document" in detail:
        return len(source.rstrip().splitlines())
    if found := LINE.search(detail):
        return int(found[1])
    rules = [number for number, line in enumerate(source.splitlines(), 1) if line.strip().startswith("[[rule]]")]
    return rules[problem.rule - 1] if 0 < problem.rule <= len(rules) else 0


def moved(rules: list[Data], act: str, place: int, inner: int) -> list[Data]:
    """The rules after a button of the form: add, remove, up, down; add-ones, remove-ones and so on for groups."""
    verb, _, group = act.partition("-")
    if verb == "add" and not group:
        return [*rules, empty_rule()]
    if not 0 <= place < len(rules):
        return rules
    if group in GROUPS.values():
        _change_groups(rules[place][group], verb, inner)
    elif verb == "remove":
        del rules[place]
    elif verb in ("up", "down"):
        other = place + (1 if verb == "down" else -1)
        if 0 <= other < len(rules):
            rules[place], rules[other] = rules[other], rules[place]
    return rules


def _change_groups(groups: list[Data], verb: str, inner: int) -> None:
    if verb == "add":
        groups.append(dict(EMPTY_GROUP))
    elif verb == "remove" and 0 <= inner < len(groups):
        del groups[inner]


def first_text(code: str, title: str) -> str:
    """The text with which a new policy begins."""
    return policy_text.write(policy_text.read({"code": code, "title": title, "rule": [{"periods": 0}]}))
