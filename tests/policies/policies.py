"""Any policy, as hypothesis draws it."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from lms.catalogue.content import CATEGORIES
from lms.goals import policy as policy_text
from lms.goals.rules import Accrual, Policy, Rule, Source
from lms.network.models import Employment, Level

words = st.text(st.sampled_from("aăđếZ0 .-,'\"\\#"), min_size=1, max_size=6).filter(lambda word: bool(word.strip()))
whole = st.integers(0, 10_000)
days = st.dates(date(1900, 1, 2), date(2199, 12, 30))
some = lambda values: st.lists(values, min_size=1, max_size=3)  # noqa: E731


def _conditions(inner: st.SearchStrategy[Any] | None) -> st.SearchStrategy[dict[str, Any]]:
    asked = {
        "role": some(st.sampled_from(("focal-point", "leader", "moon"))),
        "level": some(st.sampled_from([str(level) for level in Level])),
        "employment": some(st.sampled_from([str(kind) for kind in Employment])),
        **dict.fromkeys(("position", "title", "unit"), some(words)),
    }
    groups = (
        {name: st.lists(inner, min_size=1, max_size=2) for name in ("any", "all", "not")} if inner is not None else {}
    )
    return st.fixed_dictionaries({}, optional=asked | groups)


plain = _conditions(None).filter(bool)
conditions = _conditions(plain | _conditions(plain).filter(bool))
spans = st.fixed_dictionaries({}, optional={"from": days, "to": days}).filter(
    lambda span: len(span) < 2 or span["from"] < span["to"]
)
demands = st.fixed_dictionaries(
    {"periods": whole},
    optional={
        "minima": st.dictionaries(st.sampled_from(CATEGORIES) | words.map(str.strip), whole, max_size=3),
        "modules": st.lists(words, max_size=3),
        "legal_basis": words,
    },
)
rules = st.tuples(conditions, spans, demands).map(lambda parts: parts[0] | parts[1] | parts[2])
settings = st.fixed_dictionaries(
    {"code": st.just("dx"), "title": words, "rule": st.lists(rules, min_size=1, max_size=3)},
    optional={
        "legal_basis": words,
        "accrual": st.sampled_from([str(kind) for kind in Accrual]),
        **dict.fromkeys(
            ("minimum_service_days", "absence_threshold_days", "module_grace_days", "duplicate_months"), whole
        ),
        "caps": st.dictionaries(
            st.sampled_from([str(s) for s in Source]), st.integers(0, 10_000).map(lambda n: n / 10_000)
        ),
    },
)
policies = settings.map(policy_text.read)


def told(policy: Policy) -> tuple[Any, ...]:
    """Everything that a policy says; policies themselves are compared by identity."""
    head = policy.code, policy.title, policy.legal_basis, policy.accrual, policy.minimum_service_days
    more = policy.absence_threshold_days, policy.module_grace_days, policy.duplicate_months, dict(policy.caps)
    return *head, *more, [_told(rule) for rule in policy.rules]


def _told(rule: Rule) -> tuple[Any, ...]:
    return rule.who, rule.periods, rule.minima, rule.modules, rule.from_day, rule.to_day, rule.legal_basis
