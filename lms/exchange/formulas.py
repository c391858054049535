"""Formulas of calculated questions, worked out without ever running them as code. Pure."""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping

LONGEST = 500
SIGNS: Mapping[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
FUNCTIONS: Mapping[str, Callable[..., float]] = {
    **{name: getattr(math, name) for name in (
        "sqrt", "exp", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "ceil", "floor", "fmod", "log")},
    "abs": abs, "round": round, "pow": math.pow, "max": max, "min": min, "pi": lambda: math.pi,
}  # fmt: skip
NAME = re.compile(r"\{([A-Za-z][A-Za-z0-9_ ]*)\}")
NO_NUMBER = re.compile(r"[0-9.](?![eE][+-]?[0-9])[A-Za-z_]")


class BadFormula(ValueError):
    """A formula that is no arithmetic, or has no value."""


def names(formula: str) -> list[str]:
    """The names of a formula, as `{name}` in it."""
    return list(dict.fromkeys(NAME.findall(formula)))


def value(formula: str, values: Mapping[str, float]) -> float:
    """What a formula gives. Raises `BadFormula`."""
    source = NAME.sub(lambda found: f"({float(values.get(found[1], math.nan))!r})", formula)
    try:
        if len(source) > LONGEST or NO_NUMBER.search(source):
            raise BadFormula(formula)
        found = _value(ast.parse(source.strip(), mode="eval").body)
    except (SyntaxError, ArithmeticError, TypeError, ValueError, RecursionError, MemoryError) as error:
        raise BadFormula(formula) from error
    if not math.isfinite(found):
        raise BadFormula(formula)
    return found


def _value(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        return float(SIGNS[type(node.op)](_value(node.left), _value(node.right)))
    if isinstance(node, ast.UnaryOp) and type(node.op) in SIGNS:
        return float(SIGNS[type(node.op)](_value(node.operand)))
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in FUNCTIONS
        and not node.keywords
    ):
        return float(FUNCTIONS[node.func.id](*map(_value, node.args)))
    raise BadFormula(type(node).__name__)
