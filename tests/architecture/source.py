"""The source as data: modules as syntax trees, templates as text."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"


@cache
def modules(folder: str = "lms") -> dict[str, ast.Module]:
    """The syntax trees of a folder's modules by path."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


@cache
def templates() -> dict[str, str]:
    """The text of all templates by name."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in sorted(TEMPLATES.rglob("*.html"))
    }


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Everything in a tree: many rules ask for it."""
    return tuple(ast.walk(tree))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """The calls of these functions or methods, by the last part of their name."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def called(call: ast.Call) -> str:
    """`d` for a call of `a.b.c.d`."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def words(tree: ast.AST) -> Iterator[ast.Constant]:
    """The text constants of a module that are not docstrings."""
    docstrings = {
        id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node
