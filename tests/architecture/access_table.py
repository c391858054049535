"""Who may open what, as a table of text. `python -m tests.architecture.access_table` writes it anew, for review."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from werkzeug.routing import Rule

from lms.access import GRANTS, Permission, is_sometimes_open, permission_of

REVIEWED = Path(__file__).with_name("access.txt")
AUTOMATIC = {"HEAD", "OPTIONS"}


def lines(app: Flask) -> list[str]:
    """One line for each method and route: the permission it needs, and the roles that give it."""
    rows = sorted(_rows(app))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def rules(app: Flask) -> Iterator[Rule]:
    """The rules of the application, its static files left out."""
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def methods(rule: Rule) -> list[str]:
    """GET or POST or both; HEAD goes with GET."""
    return sorted((rule.methods or set()) - AUTOMATIC)


def _rows(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    for rule in rules(app):
        permission = permission_of(app, rule.endpoint)
        holders = [role for role, held in GRANTS.items() if permission in held]
        who = "everybody" if permission is Permission.PUBLIC else " ".join(holders)
        if is_sometimes_open(app, rule.endpoint):
            who += ", and everybody what is open"
        for method in methods(rule):
            yield rule.rule, method, permission, who


if __name__ == "__main__":
    from lms import create_app
    from lms.config import Settings

    with TemporaryDirectory() as folder:
        app = create_app(Settings(_env_file=None, instance_path=Path(folder), secret_key="table"))
        REVIEWED.write_text("\n".join(lines(app)) + "\n")
