"""One safe way each: what the raw calls do is done in one module, and nowhere else."""

import ast
import re

import pytest

from tests.architecture.source import calls, modules, nodes

CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}
ONLY_IN = {
    "zipfile": {"lms/archives.py", "lms/tables.py", "lms/workbook_rows.py"},
    "docx": {"lms/documents/word.py"},
    "xlsxwriter": {"lms/workbooks.py"},
    "python_calamine": {"lms/workbook_reader.py"},
    "markdown_it": {"lms/catalogue/render.py", "lms/catalogue/parts.py", "lms/exchange/markup.py"},
    "nh3": {"lms/catalogue/render.py"},
    "argon2": {"lms/accounts/passwords.py"},
    "pickle": set(),
    "random": {"lms/quizzes/rules.py", "lms/demo/chance.py"},
}

WRITERS_OF_TABLES = {
    "lms/workbooks.py", "lms/downloads.py", "lms/analysis/views.py", "lms/competencies/unit_views.py", "lms/exchange/excel.py",
    "lms/exports/papers.py", "lms/federation/lines.py", "lms/goals/past.py", "lms/network/imports.py",
    "lms/network/reorganisations.py", "lms/plans/views.py", "lms/reports/views.py", "lms/surveys/result_views.py",
    "lms/yearbooks/exports.py", "lms/yearend/annexes.py", "lms/yearend/record_file.py",
}  # fmt: skip
"""Who writes tables: all of them by the first two, which let no text become a formula (`tests/exports/test_formulas.py`)."""
NOT_FOR_PEOPLE = {"lms/goals/cli.py", "lms/demo/data.py"}
"""A terminal, and what the demo reads itself."""
TABLES = ("csv_lines", "xlsx", "sheets", "table", "write")


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_with_traps_is_used_in_one_place(library: str) -> None:
    users = {path for path, tree in modules().items() if library in _imported(tree)}
    assert users <= ONLY_IN[library]


def test_only_the_clock_asks_what_time_it_is() -> None:
    raw = [
        f"{path}:{call.lineno}"
        for path, tree in modules().items()
        for call in calls(tree, *CLOCKS)
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("datetime", "date", "dt", "time")
    ]
    assert {place.split(":")[0] for place in raw} == {"lms/clock.py"}, raw


def test_no_redirect_goes_where_a_request_says() -> None:
    raw = [
        f"{path}:{call.lineno}"
        for path, tree in modules().items()
        for call in calls(tree, "redirect")
        if "request" in (target := ast.unparse(call.args[0])) and not target.startswith("local_target(")
    ]
    assert not raw


def test_no_statement_is_glued_together_from_texts() -> None:
    raw = [
        f"{path}:{call.lineno}"
        for path, tree in modules().items()
        for call in calls(tree, "text", "exec_driver_sql", "execute")
        if call.args and isinstance(call.args[0], ast.JoinedStr) and not path.endswith("lms/db.py")
    ]
    assert not raw


def test_trust_in_html_is_given_in_one_place() -> None:
    users = {path for path, tree in modules().items() if any(calls(tree, "Markup"))}
    assert users <= {"lms/study/show.py"}


def test_no_view_commits() -> None:
    views = {path: tree for path, tree in modules().items() if re.search(r"/(?:views|import_views|actions)\.py$", path)}
    assert not [f"{path}:{call.lineno}" for path, tree in views.items() for call in calls(tree, "commit")]


def test_tables_are_written_in_one_way_only() -> None:
    written = {
        path: {ast.unparse(call.func) for call in calls(tree, "writer", "DictWriter", *TABLES)}
        for path, tree in modules().items()
    }
    assert {path for path, used in written.items() if {"csv.writer", "csv.DictWriter"} & used} <= {
        "lms/workbooks.py",
        *NOT_FOR_PEOPLE,
    }
    users = {
        path for path, used in written.items() if any(name.startswith(("workbooks.", "downloads.")) for name in used)
    }
    assert users <= WRITERS_OF_TABLES, "a new table: let tests/exports/test_formulas.py try it"


def _imported(tree: ast.Module) -> set[str]:
    names = [alias.name for node in nodes(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}
